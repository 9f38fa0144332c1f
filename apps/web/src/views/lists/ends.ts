import { t } from '../../language/t.ts'

/** How long an entry may hold; the value is in seconds, empty: without an end. */
export const ENDS = [
  { value: '', label: t('Until it is removed') },
  { value: '3600', label: t('1 hour') },
  { value: '86400', label: t('24 hours') },
  { value: '604800', label: t('7 days') },
  { value: '2592000', label: t('30 days') },
  { value: '31536000', label: t('1 year') },
]

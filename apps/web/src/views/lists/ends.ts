import { n, t } from '../../language/t.ts'

/** How long an entry may hold, to choose from; the value is in seconds, empty: without an end. */
export const ends = () => [
  { value: '', label: t('Until it is removed') },
  { value: '3600', label: n(1, '{count} hour', '{count} hours') },
  { value: '86400', label: n(24, '{count} hour', '{count} hours') },
  { value: '604800', label: n(7, '{count} day', '{count} days') },
  { value: '2592000', label: n(30, '{count} day', '{count} days') },
  { value: '31536000', label: n(1, '{count} year', '{count} years') },
]

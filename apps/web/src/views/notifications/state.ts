import type { DeliveryView } from '@warder/protocol/api'
import type { Mark } from '../../ui/mark.ts'
import { t } from '../../language/t.ts'

/** How the state of a delivery is shown. */
export const MARKS: Readonly<Record<DeliveryView['state'], { readonly mark: Mark; readonly word: string }>> =
  {
    sent: { mark: 'good', word: t('sent') },
    waiting: { mark: 'waiting', word: t('waiting') },
    failed: { mark: 'problem', word: t('failed') },
    dropped: { mark: 'gone', word: t('not sent') },
  }

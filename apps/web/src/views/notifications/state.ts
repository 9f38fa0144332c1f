import type { DeliveryView } from '@warder/protocol/api'
import type { Mark } from '../../ui/mark.ts'

/** How the state of a delivery is shown. */
export const MARKS: Readonly<Record<DeliveryView['state'], { readonly mark: Mark; readonly word: string }>> =
  {
    sent: { mark: 'good', word: 'sent' },
    waiting: { mark: 'waiting', word: 'waiting' },
    failed: { mark: 'problem', word: 'failed' },
    dropped: { mark: 'gone', word: 'not sent' },
  }

import type { DeliveryView } from '@warder/protocol/api'
import type { Mark } from '../../ui/mark.ts'
import { english, t } from '../../language/t.ts'

const MARKS: Readonly<Record<DeliveryView['state'], { readonly mark: Mark; readonly word: string }>> = {
  sent: { mark: 'good', word: english('sent') },
  waiting: { mark: 'waiting', word: english('waiting') },
  failed: { mark: 'problem', word: english('failed') },
  dropped: { mark: 'gone', word: english('not sent') },
}

/** How the state of a delivery is shown. */
export function deliveryMark(state: DeliveryView['state']): { readonly mark: Mark; readonly word: string } {
  const { mark, word } = MARKS[state]
  return { mark, word: t(word) }
}

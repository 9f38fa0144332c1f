import type { SuccessView } from '@warder/protocol/api'
import { formatMany, formatNames } from './count.ts'

/** `logged in successfully 3 times in the last 7 days, as ada and root` */
export function successWords({ count, users }: SuccessView): string {
  const often = count === 1 ? 'once' : formatMany(count, 'time')
  const who = users.length === 0 ? '' : `, as ${formatNames(users)}`
  return `logged in successfully ${often} in the last 7 days${who}`
}

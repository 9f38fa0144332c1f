import type { SuccessView } from '@warder/protocol/api'
import { n, t } from '../language/t.ts'
import { formatNames } from './count.ts'

/** `logged in successfully 3 times in the last 7 days, as ada and root` */
export function successWords({ count, users }: SuccessView): string {
  const words = n(
    count,
    'logged in successfully once in the last 7 days',
    'logged in successfully {count} times in the last 7 days',
  )
  return users.length === 0 ? words : t('{words}, as {users}', { words, users: formatNames(users) })
}

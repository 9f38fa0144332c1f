import type { SuccessView } from '@warder/protocol/api'
import { formatMany, formatNames } from './count.ts'
import { n, t } from '../language/t.ts'

/** `logged in successfully 3 times in the last 7 days, as ada and root` */
export function successWords({ count, users }: SuccessView): string {
  const often = count === 1 ? 'once' : n(count, '{count} time', '{count} times')
  const who = users.length === 0 ? '' : t(', as {users}', { users: formatNames(users) })
  return t('logged in successfully {often} in the last 7 days{who}', { often, who })
}

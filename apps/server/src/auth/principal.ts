import { SCOPES_OF, type Role, type Scope } from '@warder/protocol/api'
import { SCOPES } from '@warder/protocol/words'
import type { Need } from './needs.ts'

/** Who makes a request. */
export type Principal =
  | {
      readonly kind: 'operator'
      readonly name: string
      readonly operatorId: number
      readonly role: Role
      /** The hash of what the cookie holds. */
      readonly session: string
    }
  | {
      readonly kind: 'token'
      readonly name: string
      readonly id: string
      /** Whose token it is. */
      readonly operatorId: number
      readonly scopes: readonly Scope[]
    }

/** How the audit and the nodes name someone: `ada`, `token:scripts`. */
export const actorOf = (principal: Principal): string =>
  principal.kind === 'operator' ? principal.name : `token:${principal.name}`

/** What a token may do: what it was made for, and never more than its owner. */
export function tokenScopes(wanted: readonly Scope[], owner: Role): readonly Scope[] {
  const all = wanted.includes('admin') ? SCOPES : wanted
  return all.filter((scope) => SCOPES_OF[owner].includes(scope))
}

/** Everything that somebody may do. */
export const scopesOf = (principal: Principal): readonly Scope[] =>
  principal.kind === 'operator' ? SCOPES_OF[principal.role] : principal.scopes

/** Whether somebody may make a request that needs this. */
export function may(principal: Principal, need: Need): boolean {
  if (need === 'self') return principal.kind === 'operator'
  if (need === 'own') return principal.kind === 'operator' || principal.scopes.includes('admin')
  return scopesOf(principal).includes(need)
}

import type { EpochMs } from '@warder/core'
import type { Logger } from '@warder/daemon'
import type { Writer } from '../storage/writer.ts'
import type { TokenStore } from '../tokens/store.ts'
import { tokenScopes, type Principal } from './principal.ts'
import { digestOf } from './secret.ts'
import { isAlive, TOUCH_EVERY_MS } from './session-life.ts'
import type { SessionStore } from './session-store.ts'

export interface IdentifyParts {
  readonly log: Logger
  readonly writer: Writer
  readonly sessions: SessionStore
  readonly tokens: TokenStore
}

export type Identify = ReturnType<typeof makeIdentify>

/** Finds who holds a session cookie or an API token, and notes that it was used, once a minute at most. */
export function makeIdentify({ sessions, tokens, writer, log }: IdentifyParts) {
  /** A full disk must not shut operators out. */
  const note = (write: () => void): void =>
    writer.later(write, (err) => log.error({ err }, 'the last use of a session or token could not be noted'))
  const session = (hash: string, now: EpochMs): Principal | null => {
    const row = sessions.byHash(hash)
    if (!row || !isAlive(row, now)) return null
    if (now - row.usedAt >= TOUCH_EVERY_MS) note(() => sessions.touch(hash, now))
    const { operator: name, operatorId, role } = row
    return { kind: 'operator', name, operatorId, role, session: hash }
  }
  return {
    byCookie: (cookie: string, now: EpochMs): Principal | null => session(digestOf(cookie), now),
    byToken(secret: string, now: EpochMs): Principal | null {
      const row = tokens.byHash(digestOf(secret))
      if (!row || (row.expiresAt !== null && row.expiresAt <= now)) return null
      if (row.lastUsedAt === null || now - row.lastUsedAt >= TOUCH_EVERY_MS) {
        note(() => tokens.touch(row.id, now))
      }
      const { id, name, operatorId } = row
      return { kind: 'token', name, id, operatorId, scopes: tokenScopes(row.scopes, row.role) }
    },
    /** Whether someone who was let in may still stay. */
    isStill(principal: Principal, now: EpochMs): boolean {
      if (principal.kind === 'operator') return session(principal.session, now) !== null
      const row = tokens.usableById(principal.id, now)
      return row !== null && tokenScopes(row.scopes, row.role).includes('read')
    },
  }
}

import type { EpochMs } from '@warder/core'
import type { Logger } from '@warder/daemon'
import type { Writer } from '../db/writer.ts'
import type { TokenStore } from '../tokens/store.ts'
import type { Principal } from './principal.ts'
import { digestOf } from './secret.ts'
import { isAlive, TOUCH_EVERY_MS } from './session-life.ts'
import type { OperatorStore } from './store.ts'

export interface IdentifyParts {
  readonly log: Logger
  readonly writer: Writer
  readonly operators: OperatorStore
  readonly tokens: TokenStore
}

export type Identify = ReturnType<typeof makeIdentify>

/** Finds who holds a session cookie or an API token, and notes that it was used, once a minute at most. */
export function makeIdentify({ operators, tokens, writer, log }: IdentifyParts) {
  /** A full disk must not shut operators out. */
  const note = (write: () => void): void =>
    writer.later(write, (err) => log.error({ err }, 'the last use of a session or token could not be noted'))
  const session = (hash: string, now: EpochMs): Principal | null => {
    const row = operators.session(hash)
    if (!row || !isAlive(row, now)) return null
    if (now - row.usedAt >= TOUCH_EVERY_MS) note(() => operators.touchSession(hash, now))
    return { kind: 'operator', name: row.operator, session: hash }
  }
  return {
    byCookie: (cookie: string, now: EpochMs): Principal | null => session(digestOf(cookie), now),
    byToken(secret: string, now: EpochMs): Principal | null {
      const row = tokens.byHash(digestOf(secret))
      if (!row || (row.expiresAt !== null && row.expiresAt <= now)) return null
      if (row.lastUsedAt === null || now - row.lastUsedAt >= TOUCH_EVERY_MS) {
        note(() => tokens.touch(row.id, now))
      }
      return { kind: 'token', name: row.name, id: row.id }
    },
    /** Whether someone who was let in may still stay. */
    isStill(principal: Principal, now: EpochMs): boolean {
      if (principal.kind === 'operator') return session(principal.session, now) !== null
      const row = tokens.byId(principal.id)
      return row !== null && (row.expiresAt === null || row.expiresAt > now)
    },
  }
}

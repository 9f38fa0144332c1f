import type { Clock } from '@warder/daemon'
import type { Loop } from '../engine/loop.ts'
import type { SharingMessage } from '../link/session.ts'
import type { State } from '../state/state.ts'
import { endedShares, freshShares, toSharedBan } from './decide.ts'

interface Parts {
  readonly loop: Loop
  readonly state: State
  readonly clock: Clock
}

type Of<K extends SharingMessage['kind']> = Extract<SharingMessage, { kind: K }>

const MISSED = 'it was lifted everywhere while this node was away'

/**
 * Follows what the cluster wants enforced. Each share is dealt with once: when it was refused here, or lifted here by an
 * operator, it does not come back with the next welcome.
 */
export class Shares {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async take(message: Of<'shares'> | Of<'unshare'> | Of<'shared'>): Promise<void> {
    const { loop, state } = this.#parts
    switch (message.kind) {
      case 'shares':
        return this.#enforce(message)
      case 'unshare': {
        const { ids, by, reason } = message
        const author = reason === undefined ? { by } : { by, reason }
        await loop.input({ kind: 'unshare', shares: new Set(ids), ...author }, () => {})
        return
      }
      case 'shared': {
        const inForce = new Set(message.ids)
        const shares = endedShares(loop.bans(), inForce)
        const input = { kind: 'unshare', shares, by: 'server', reason: MISSED } as const
        await loop.input(input, () => state.shares.keepOnly(inForce))
      }
    }
  }

  async #enforce({ shares, at }: Of<'shares'>): Promise<void> {
    const { loop, state, clock } = this.#parts
    const fresh = freshShares(shares, (id) => state.shares.endOf(id))
    if (fresh.length === 0) return
    const times = { sentAt: at, now: clock.now() }
    await loop.input({ kind: 'share', bans: fresh.map((share) => toSharedBan(share, times)) }, () => {
      for (const { id, until } of fresh) state.shares.note(id, until)
      state.shares.prune(at)
    })
  }
}

import { explainBan, isEnforced, type Enforcement, type EpochMs } from '@warder/core'
import type { BanView } from '@warder/protocol/api'
import type { BanRow } from './store.ts'

/** A ban in history, and what its node's firewall said → what the API shows. A ban whose time is over has ended, also when its node did not say so yet. */
export function banViewOf(
  { id, node, ban, ending }: BanRow,
  now: EpochMs,
  enforcement: Enforcement | null,
): BanView {
  const over = ban.until !== null && ban.until <= now
  const ended =
    ending ?? (over && ban.until !== null ? { at: ban.until, how: 'expired' as const, by: null } : null)
  return {
    id,
    node,
    jail: ban.jail,
    ip: ban.ip,
    at: ban.at,
    until: ban.until,
    active: ended === null,
    endedAt: ended?.at ?? null,
    ended: ended?.how ?? null,
    endedBy: ended?.by ?? null,
    origin: ban.origin,
    by: ban.by ?? null,
    reason: ban.reason ?? null,
    ticket: ban.ticket === undefined ? null : copyOf(ban.ticket),
    // A detected ban says where it was seen; an operator's is the same everywhere.
    from: ban.from === undefined ? null : { ...ban.from, nodes: [...ban.from.nodes] },
    why: ban.ticket === undefined ? explainBan(ban) : explainBan(ban, node),
    enforced: ended === null ? isEnforced(ban, enforcement) : null,
  }
}

const copyOf = (ticket: NonNullable<BanRow['ban']['ticket']>): NonNullable<BanView['ticket']> => ({
  ...ticket,
  users: [...ticket.users],
  lines: [...ticket.lines],
})

import type { BanView } from '@warder/protocol/api'

/**
 * The bans of one address whose evidence is worth telling, each evidence once: not again for every node that an order or the
 * cluster took it to. The node that made a ban by itself tells it.
 */
export function evidenceIn(bans: readonly BanView[]): readonly BanView[] {
  const ticketOf = ({ ticket }: BanView): string => JSON.stringify(ticket)
  const own = new Set(
    bans.flatMap((ban) => (ban.from === null && ban.ticket !== null ? [ticketOf(ban)] : [])),
  )
  const told = bans.filter((ban) => ban.from === null || !own.has(ticketOf(ban)))
  return [...new Map(told.map((ban) => [JSON.stringify([ban.why, ban.ticket]), ban])).values()]
}

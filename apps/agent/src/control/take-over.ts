import { parseTarget, type Ban, type EpochMs, type NodeEvent, type Offence, type Order } from '@warder/core'
import type { ForeignBan } from '@warder/protocol/control'

/** What is to be done with bans of another program. */
export interface Takeover {
  readonly orders: readonly Order[]
  readonly past: readonly Offence[]
  /** How many are in force already, for as long or longer. */
  readonly known: number
}

/** What is given with bans of another program. */
export interface Given {
  readonly bans: readonly ForeignBan[]
  readonly past: readonly ForeignBan[]
  readonly by: string
  /** Makes the id of an order. */
  readonly id: () => string
}

/**
 * Orders for the bans that are not in force yet, each with the time that is left to it, and the past bans behind all of
 * them. A ban that ended meanwhile is a past one.
 */
export function takeOver(given: Given, inForce: readonly Ban[], now: EpochMs): Takeover {
  const ends = new Map(inForce.map(({ jail, ip, until }) => [`${jail} ${ip}`, until ?? Infinity]))
  const isKnown = ({ jail, ip, until }: ForeignBan): boolean =>
    (ends.get(`${jail} ${parseTarget(ip) ?? ip}`) ?? 0) >= (until ?? Infinity)
  const lasting = given.bans.filter(({ until }) => until === null || until > now)
  const wanted = lasting.filter((ban) => !isKnown(ban))
  return {
    known: lasting.length - wanted.length,
    orders: wanted.map(({ jail, ip, until }) => ({
      kind: 'ban',
      id: given.id(),
      ip,
      jail,
      // Rounded up: a ban must not end before it would have.
      bantime: until === null ? -1 : Math.ceil((until - now) / 1_000),
      by: given.by,
      reason: 'was banned by fail2ban',
      expiresAt: now + 60_000,
    })),
    past: [...given.bans, ...given.past]
      .flatMap((ban) => offenceOf(ban, ban.until === null || ban.until > now))
      .toSorted((one, other) => one.lastAt - other.lastAt),
  }
}

/** Past bans of an address. Of one that is banned now they are those before: the ban itself is counted when it is made. */
function offenceOf({ jail, ip, past, lastAt }: ForeignBan, isBanned: boolean): readonly Offence[] {
  const address = parseTarget(ip)
  const bans = isBanned ? past - 1 : past
  return address === null || bans < 1 ? [] : [{ jail, ip: address, bans, lastAt }]
}

/** Which orders were refused, by the events that they caused. */
export const refusalsIn = (events: readonly NodeEvent[]) =>
  events.flatMap((event) => (event.kind === 'ban.refused' ? [event] : []))

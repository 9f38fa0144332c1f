import type { Ban, Ticket } from '../ban/ban.ts'
import { endAfter } from '../ban/ban-time.ts'
import type { BanEffect } from '../engine/effect.ts'
import type { TicketDue } from '../failure/due.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { CompiledJail } from './compile.ts'
import type { Neighbours } from './neighbours.ts'
import { lengthIn, type Length } from './recurrence.ts'
import type { Surroundings } from './surroundings.ts'

const NO_TEXTS: readonly string[] = []

/** Makes the bans of a jail. */
export class Banning {
  readonly #compiled: CompiledJail
  readonly #neighbours: Neighbours

  constructor(compiled: CompiledJail, neighbours: Neighbours) {
    this.#compiled = compiled
    this.#neighbours = neighbours
  }

  /**
   * A ban lasts from the last failure on, as in fail2ban; one that would be over is not made. Whoever is banned already
   * may be so for longer: for bantime from now on, which is no new ban and does not grow. `ip`: a text of its own, since bans
   * live long and a piece of a line would keep all of the line.
   */
  ban(ip: string, due: TicketDue, around: Surroundings, now: EpochMs): BanEffect | null {
    const { bans, onTheWayMs, keepsEvidence } = around
    const { name: jail, settings } = this.#compiled.definition
    const { bantime } = settings
    const isOver = (until: EpochMs | null): boolean => until !== null && until <= now
    if (isOver(endAfter(due.last, bantime))) return null
    const standing = bans.get(jail, ip)
    if (standing !== null && now - standing.at < onTheWayMs) return null
    const length = standing === null ? lengthIn(this.#compiled, ip, around) : again(standing, bantime)
    const until = endAfter(due.last, length.bantime)
    if (isOver(until) || this.#isBannedWhole(ip, until, around, now)) return null
    const counted = this.#asCounted(due.ticket())
    const ticket = length.offence === null ? counted : { ...counted, offence: length.offence }
    const of = (kept: Ticket): Ban => ({ jail, ip, at: now, until, origin: 'detected', ticket: kept })
    const ban = of(ticket)
    const added = bans.add(keepsEvidence ? ban : of(withoutTexts(ticket)))
    return added === null ? null : { kind: 'ban', ban, then: { kind: added, ban } }
  }

  #asCounted(ticket: Ticket): Ticket {
    return this.#compiled.definition.backend === 'bans' ? { counts: 'bans', ...ticket } : ticket
  }

  /** Whether all neighbours of an address are banned for as long, or were just now. */
  #isBannedWhole(ip: string, until: EpochMs | null, around: Surroundings, now: EpochMs): boolean {
    const whole = this.#neighbours.wholeOf(ip, this.#compiled.definition.name, around.bans)
    if (whole === null) return false
    return now - whole.at < around.onTheWayMs || (whole.until ?? Infinity) >= (until ?? Infinity)
  }
}

/** What is kept of a ticket as long as its ban lasts. Written out, since a copy made by spreading takes half as much again. */
function withoutTexts(ticket: Ticket): Ticket {
  const { failures, first, last, maxretry, findtime, seen, counts, offence } = ticket
  if (seen !== undefined || counts !== undefined || offence !== undefined)
    return { ...ticket, users: NO_TEXTS, lines: NO_TEXTS }
  return { failures, first, last, maxretry, findtime, users: NO_TEXTS, lines: NO_TEXTS }
}

const again = ({ ticket }: Ban, bantime: number): Length => ({ bantime, offence: ticket?.offence ?? null })

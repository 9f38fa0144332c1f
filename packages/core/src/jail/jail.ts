import type { Ban } from '../ban/ban.ts'
import { explainBan } from '../ban/explain.ts'
import type { Effect } from '../engine/effect.ts'
import type { IgnoreReason, NodeEvent } from '../engine/event.ts'
import type { Reply } from '../engine/inquiry.ts'
import { asTold } from '../engine/told.ts'
import { asCounted, toFailure, type Failed, type Failure } from '../failure/failure.ts'
import type { Suspect } from '../failure/suspects.ts'
import { FailureTracker } from '../failure/tracker.ts'
import type { CompiledFilter } from '../filter/compile.ts'
import { matchesJournal } from '../filter/journal.ts'
import { RunningFilter, type Match } from '../filter/match.ts'
import { parseAddress } from '../ip/address.ts'
import { TargetSet } from '../ip/target-set.ts'
import { boundText, EVIDENCE_LIMIT } from '../line/bound.ts'
import { JOURNAL, type LogLine } from '../line/line.ts'
import type { SourceReader } from '../line/reader.ts'
import type { EpochMs } from '../time/epoch.ts'
import { Banning } from './banning.ts'
import type { CompiledJail } from './compile.ts'
import { countedAs } from './counted.ts'
import { commandFor, IgnoreCache } from './ignore-command.ts'
import { Reasons } from './ignore.ts'
import { Neighbours } from './neighbours.ts'
import { lengthIn, weightIn, type Length, type Past } from './recurrence.ts'
import type { JailSettings } from './settings.ts'
import type { Surroundings } from './surroundings.ts'

/** What a jail made of a line: what follows from a match. `stale`: older than findtime when it was read, it leads to nothing. */
export type Verdict = readonly Effect[] | 'no match' | 'stale'

const NO_FIELDS = {}
const NOTHING: readonly Effect[] = []
/** A name has few addresses; more than this are somebody's joke. */
const MOST_ADDRESSES = 20

/** A jail that runs: what it was told to do, and what it has seen. */
export class Jail {
  readonly name: string
  readonly #compiled: CompiledJail
  #filter: RunningFilter
  readonly #ignoreip: TargetSet
  #reasons: Reasons | null = null
  readonly #findtimeMs: number
  readonly #ipv6prefix: number
  readonly #tracker: FailureTracker
  readonly #ignoreCache: IgnoreCache | null
  readonly #neighbours: Neighbours
  readonly #banning: Banning
  matches = 0
  lastMatchAt: EpochMs | null = null

  /** `before`: the same jail under the last plan, whose counts go on. */
  constructor(compiled: CompiledJail, before?: Jail) {
    const { name, settings, maxmatches, ignoreip, ignorecache } = compiled.definition
    this.name = name
    this.#compiled = compiled
    this.#filter = new RunningFilter(compiled.filter)
    this.#ignoreip = new TargetSet(ignoreip)
    this.#ipv6prefix = compiled.definition.ipv6prefix ?? 128
    this.#findtimeMs = settings.findtime * 1000
    const limits = { maxretry: settings.maxretry, findtime: settings.findtime, maxmatches }
    this.#tracker = before === undefined ? new FailureTracker(limits) : before.#tracker
    this.#tracker.follow(limits)
    this.#ignoreCache = ignorecache === undefined ? null : new IgnoreCache(ignorecache)
    this.#neighbours = new Neighbours(compiled.definition, before === undefined ? null : before.#neighbours)
    this.#banning = new Banning(compiled, this.#neighbours)
    this.matches = before?.matches ?? 0
    this.lastMatchAt = before?.lastMatchAt ?? null
  }

  get settings(): JailSettings {
    return this.#compiled.definition.settings
  }

  /** Addresses, and subnets, that this jail alone ignores. */
  get ignoreip(): TargetSet {
    return this.#ignoreip
  }

  /** How many addresses have failures that may still lead to a ban. */
  get tracked(): number {
    return this.#tracker.size
  }

  /** Which lines its expressions take a time that grows with their length alone. */
  get linear(): CompiledFilter['linear'] {
    return this.#compiled.filter.linear
  }

  /** Texts of which every line that can match holds one; null where that cannot be told. */
  get needed(): CompiledFilter['needed'] {
    return this.#compiled.filter.needed
  }

  /** What the filter finds in the line that the reader is at. */
  match(reader: SourceReader, now: EpochMs): Match | null {
    return this.#isMeant(reader.line) ? this.#filter.match(reader, now) : null
  }

  /** Lets the filter begin anew, without the stories that lines told so far: its matching was broken off. */
  restart(): void {
    this.#filter = new RunningFilter(this.#compiled.filter)
  }

  /** Looks at the line that the reader is at: date → filter → ignore → failure → ticket → ban. */
  take(reader: SourceReader, around: Surroundings, now: EpochMs): Verdict {
    return this.weigh(this.match(reader, now), around, now)
  }

  /** What follows from what the filter found: ignore → failure → ticket → ban. */
  weigh(match: Match | null, around: Surroundings, now: EpochMs): Verdict {
    if (match === null) return 'no match'
    this.#noteMatch(match.at)
    if (match.at < now - this.#findtimeMs) return 'stale'
    return match.stranger === undefined
      ? this.#judge(match, around, now, match.suspect)
      : this.#meetStranger(match, match.stranger, around, now)
  }

  /** Counts a ban that another jail made, if this one counts bans. */
  takeBan(ban: Ban, around: Surroundings, now: EpochMs): readonly Effect[] {
    if (this.#compiled.definition.backend !== 'bans' || ban.jail === this.name) return NOTHING
    this.#noteMatch(now)
    const line = boundText(`${ban.jail} banned ${ban.ip}: ${explainBan(ban)}`, EVIDENCE_LIMIT)
    return this.#judge({ ip: ban.ip, at: now, line }, around, now)
  }

  /** Counts a new ban of its own among its neighbours' bans, and bans all of them when they are enough. */
  takeNeighbour(ban: Ban, around: Surroundings, now: EpochMs): readonly Effect[] {
    const gathered = this.#neighbours.count(ban)
    if (gathered === null) return NOTHING
    const { ip, ticket } = gathered
    const reason = this.#reasonsIn(around).for(ip)
    if (reason !== null)
      return [{ kind: 'record', event: { kind: 'ban.refused', jail: this.name, ip, reason } }]
    const due = { last: ticket.last, ticket: () => ticket }
    const whole = this.#banning.ban(ip, due, around, now)
    return whole === null ? NOTHING : [whole]
  }

  /** Counts its bans in force, from before a restart say, among neighbours; they lead to nothing by themselves. */
  restoreNeighbours({ bans }: Surroundings): void {
    this.#neighbours.restore(bans.all(this.name))
  }

  /** Whether it bans neighbours and did not under the last plan. */
  get isNewToNeighbours(): boolean {
    return this.#neighbours.isNew
  }

  /** Goes on with a failure about which something was asked. */
  resume(failure: Failure, reply: Reply, around: Surroundings, now: EpochMs): readonly Effect[] {
    if (reply.kind === 'ignored') {
      this.#ignoreCache?.put(failure, reply.isIgnored, now)
      // Asked anew: meanwhile the plan may have named the address among those who are never banned.
      const reason = reply.isIgnored ? 'ignorecommand' : around.never.reasonFor(failure.ip, this.#ignoreip)
      return reason === null ? this.#count(failure, around, now) : this.#ignore(failure, reason, around, now)
    }
    const addresses = reply.addresses.slice(0, MOST_ADDRESSES).flatMap((text) => parseAddress(text) ?? [])
    if (addresses.length === 0) return this.#ignore(failure, 'name-unknown', around, now)
    return [...new Set(addresses)].flatMap((ip) => this.#judge({ ...failure, ip }, around, now))
  }

  /** How long an address that is banned now is banned. */
  lengthFor(ip: string, past: Past): Length {
    return lengthIn(this.#compiled, ip, past)
  }

  /** Counts a failure from before a restart; it leads to nothing by itself. */
  restore(failure: Failure, around: Surroundings, now: EpochMs): void {
    if (failure.at < now - this.#findtimeMs) return
    this.#tracker.add(asCounted(failure, this.countedAs(failure.ip, around)))
  }

  /** The address, or the IPv6 prefix around it, that failures of an address are counted against. */
  countedAs(ip: string, around: Surroundings): string {
    return countedAs(ip, this.#ipv6prefix, this.#reasonsIn(around))
  }

  /** Forgets the failures of addresses, of all in subnets, or (null) of everybody. */
  forget(targets: readonly string[] | null, around: Surroundings): void {
    const counted = targets?.map((target) => this.countedAs(target, around)) ?? []
    this.#tracker.forget(targets === null ? null : [...targets, ...counted])
    this.#neighbours.forget(targets)
  }

  /** Drops what can no longer lead to a ban. */
  tidy(now: EpochMs): void {
    this.#tracker.tidy(now)
    this.#neighbours.tidy(now - this.#findtimeMs)
  }

  /** All lines of a file are meant; of the journal those that the filter's journalmatch asks for. */
  #isMeant(line: LogLine | null): boolean {
    if (line === null || this.#compiled.definition.backend === 'bans') return false
    return (
      line.source !== JOURNAL || matchesJournal(this.#compiled.filter.journalmatch, line.fields ?? NO_FIELDS)
    )
  }

  #noteMatch(at: EpochMs): void {
    this.matches++
    this.lastMatchAt = Math.max(this.lastMatchAt ?? at, at)
  }

  /** What is in the place of an address: a host name may have some, and any other text cannot be banned. */
  #meetStranger(
    failed: Failed,
    stranger: NonNullable<Match['stranger']>,
    around: Surroundings,
    now: EpochMs,
  ): readonly Effect[] {
    if (stranger === 'other' || this.#compiled.definition.usedns === 'no')
      return this.#ignore(failed, 'not-an-address', around, now)
    const failure = toFailure(this.name, failed)
    return [{ kind: 'ask', inquiry: { kind: 'addresses', name: failed.ip }, failure }]
  }

  #reasonsIn({ never }: Surroundings): Reasons {
    if (this.#reasons?.areOf(never) !== true) this.#reasons = new Reasons(never, this.#ignoreip)
    return this.#reasons
  }

  /** The same for an address that is known; it is noted there. */
  #suspectAs(suspect: Suspect, around: Surroundings): string {
    const reasons = this.#reasonsIn(around)
    if (suspect.counted !== null && suspect.countedBy === reasons) return suspect.counted
    const counted = countedAs(suspect.ip, this.#ipv6prefix, reasons)
    suspect.counted = counted
    suspect.countedBy = reasons
    return counted
  }

  #judge(
    failed: Failed,
    around: Surroundings,
    now: EpochMs,
    suspect: Suspect | null = null,
  ): readonly Effect[] {
    const reasons = this.#reasonsIn(around)
    const reason = suspect === null ? reasons.for(failed.ip) : reasons.forSuspect(suspect)
    if (reason !== null) {
      this.#ignoreCache?.put(toFailure(this.name, failed), true, now)
      return this.#ignore(failed, reason, around, now)
    }
    return this.#compiled.definition.ignorecommand === undefined
      ? this.#count(failed, around, now, suspect)
      : this.#askFirst(toFailure(this.name, failed), around, now, suspect)
  }

  /** Whether the address is ignored is for a command to say, unless it did lately. */
  #askFirst(
    failure: Failure,
    around: Surroundings,
    now: EpochMs,
    suspect: Suspect | null,
  ): readonly Effect[] {
    const { ignorecommand } = this.#compiled.definition
    const known = this.#ignoreCache?.get(failure, now) ?? null
    if (known === true) return this.#ignore(failure, 'ignorecommand', around, now)
    const argv = known === null && ignorecommand !== undefined ? commandFor(ignorecommand, failure) : null
    if (argv === null) return this.#count(failure, around, now, suspect)
    return [{ kind: 'ask', inquiry: { kind: 'ignored', argv }, failure }]
  }

  #ignore({ ip, line }: Failed, reason: IgnoreReason, around: Surroundings, now: EpochMs): readonly Effect[] {
    const event = { kind: 'failure.ignored', jail: this.name, ip: asTold(ip), reason, line } as const
    return around.ignored.isWorthTelling(event, now) ? [{ kind: 'record', event }] : NOTHING
  }

  #count(
    failed: Failed,
    around: Surroundings,
    now: EpochMs,
    suspect: Suspect | null = null,
  ): readonly Effect[] {
    const found: Effect = { kind: 'record', event: toEvent(this.name, failed) }
    const ip = suspect === null ? this.countedAs(failed.ip, around) : this.#suspectAs(suspect, around)
    const counted = asCounted(failed, ip)
    const weight = weightIn(this.#compiled, counted, around)
    const due = this.#tracker.count(counted, now, weight, suspect)
    const ban = due === null ? null : this.#banning.ban(ip, due, around, now)
    if (due === null || ban === null) return [found]
    due.keepNoLines(Math.min(now + around.onTheWayMs, ban.ban.until ?? Infinity))
    return [found, ban]
  }
}

const toEvent = (jail: string, { ip, at: failedAt, user, line }: Failed): NodeEvent =>
  user === undefined
    ? { kind: 'failure.found', jail, ip, failedAt, line }
    : { kind: 'failure.found', jail, ip, failedAt, user, line }

import type { Ban, Ticket } from '../ban/ban.ts'
import type { BanList } from '../ban/ban-list.ts'
import { endAfter } from '../ban/ban-time.ts'
import type { Effect } from '../engine/effect.ts'
import type { NodeEvent } from '../engine/event.ts'
import type { Failure } from '../failure/failure.ts'
import { FailureTracker } from '../failure/tracker.ts'
import type { CompiledFilter } from '../filter/compile.ts'
import { matchesJournal } from '../filter/journal.ts'
import { RunningFilter, type Match } from '../filter/match.ts'
import { TargetSet } from '../ip/target-set.ts'
import { JOURNAL, type LogLine } from '../line/line.ts'
import type { SourceReader } from '../line/reader.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { CompiledJail } from './compile.ts'
import type { IgnoredLog } from './ignored-log.ts'
import type { NeverBanned, NeverReason } from './ignore.ts'
import type { JailSettings } from './settings.ts'

/** What the jails of a node have in common. */
export interface Surroundings {
  readonly bans: BanList
  readonly never: NeverBanned
  readonly ignored: IgnoredLog
}

/** What a jail made of a line. */
export type Verdict =
  | { readonly kind: 'no match' }
  /** Older than findtime when it was read: it leads to nothing. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'match'; readonly effects: readonly Effect[] }

const NO_MATCH: Verdict = { kind: 'no match' }
const STALE: Verdict = { kind: 'stale' }
const NO_FIELDS = {}

/** For so many addresses it is remembered whether they count; attackers come again and again. */
const MOST_REASONS = 4_096

/** Failures that come in so soon after a ban were on their way when it was made, and do not extend it. */
const ON_THE_WAY = 60_000

/** A jail that runs: what it was told to do, and what it has seen. */
export class Jail {
  readonly name: string
  readonly #compiled: CompiledJail
  #filter: RunningFilter
  readonly #ignoreip: TargetSet
  /** Why addresses do not count, null for those that do. It holds as long as the same are never banned. */
  readonly #reasons = new Map<string, NeverReason | null>()
  #reasonsOf: NeverBanned | null = null
  readonly #findtimeMs: number
  readonly #tracker: FailureTracker
  matches = 0
  lastMatchAt: EpochMs | null = null

  /** `before`: the same jail under the last plan, whose counts go on. */
  constructor(compiled: CompiledJail, before?: Jail) {
    const { name, settings, maxmatches, ignoreip } = compiled.definition
    this.name = name
    this.#compiled = compiled
    this.#filter = new RunningFilter(compiled.filter)
    this.#ignoreip = new TargetSet(ignoreip)
    this.#findtimeMs = settings.findtime * 1000
    const limits = { maxretry: settings.maxretry, findtime: settings.findtime, maxmatches }
    this.#tracker = before === undefined ? new FailureTracker(limits) : before.#tracker
    this.#tracker.follow(limits)
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
    if (match === null) return NO_MATCH
    this.matches++
    this.lastMatchAt = Math.max(this.lastMatchAt ?? match.at, match.at)
    if (match.at < now - this.#findtimeMs) return STALE
    return { kind: 'match', effects: this.#judge(match, around, now) }
  }

  /** Counts a failure from before a restart; it leads to nothing by itself. */
  restore(failure: Failure, now: EpochMs): void {
    if (failure.at >= now - this.#findtimeMs) this.#tracker.add(failure)
  }

  /** Forgets the failures of an address, of all addresses in a subnet, or (null) of everybody. */
  forget(target: string | null): void {
    this.#tracker.forget(target)
  }

  /** Drops what can no longer lead to a ban. */
  tidy(now: EpochMs): void {
    this.#tracker.tidy(now)
  }

  /** All lines of a file are meant; of the journal those that the filter's journalmatch asks for. */
  #isMeant(line: LogLine | null): boolean {
    if (line === null) return false
    return (
      line.source !== JOURNAL || matchesJournal(this.#compiled.filter.journalmatch, line.fields ?? NO_FIELDS)
    )
  }

  #reasonFor(ip: string, never: NeverBanned): NeverReason | null {
    if (never !== this.#reasonsOf || this.#reasons.size >= MOST_REASONS) {
      this.#reasons.clear()
      this.#reasonsOf = never
    }
    const known = this.#reasons.get(ip)
    if (known !== undefined) return known
    const reason = never.reasonFor(ip, this.#ignoreip)
    this.#reasons.set(ip, reason)
    return reason
  }

  #judge(match: Match, around: Surroundings, now: EpochMs): readonly Effect[] {
    const reason = this.#reasonFor(match.ip, around.never)
    if (reason !== null) {
      const event = {
        kind: 'failure.ignored',
        jail: this.name,
        ip: match.ip,
        reason,
        line: match.text,
      } as const
      return around.ignored.isWorthTelling(event, now) ? [{ kind: 'record', event }] : []
    }
    const failure = toFailure(this.name, match)
    const found: Effect = { kind: 'record', event: toEvent(failure) }
    const ticket = this.#tracker.count(failure, now)
    const ban = ticket === null ? null : this.#ban(match.ip, ticket, around.bans, now)
    return ban === null ? [found] : [found, ban]
  }

  /** A ban lasts bantime from the last failure on, as in fail2ban; one that would be over is not made. */
  #ban(ip: string, ticket: Ticket, bans: BanList, now: EpochMs): Effect | null {
    const until = endAfter(ticket.last, this.settings.bantime)
    const standing = bans.get(this.name, ip)
    if (until !== null && until <= now) return null
    if (standing !== null && now - standing.at < ON_THE_WAY) return null
    const ban: Ban = { jail: this.name, ip, at: now, until, origin: 'detected', ticket }
    const added = bans.add(ban)
    return added === null ? null : { kind: 'ban', ban, then: { kind: added, ban } }
  }
}

/** Made at once with all they have: failures come in floods, and copies of objects cost more than all of the counting. */
const toFailure = (jail: string, { ip, at, user, text: line }: Match): Failure =>
  user === undefined ? { jail, ip, at, line } : { jail, ip, at, user, line }

const toEvent = ({ jail, ip, at: failedAt, user, line }: Failure): NodeEvent =>
  user === undefined
    ? { kind: 'failure.found', jail, ip, failedAt, line }
    : { kind: 'failure.found', jail, ip, failedAt, user, line }

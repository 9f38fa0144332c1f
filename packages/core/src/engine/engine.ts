import type { Ban } from '../ban/ban.ts'
import { BanList } from '../ban/ban-list.ts'
import { chanceFrom } from '../ban/chance.ts'
import { Offences } from '../ban/offences.ts'
import { UTC, type ZoneOffset } from '../date/parse.ts'
import type { Failure } from '../failure/failure.ts'
import { IgnoredLog } from '../jail/ignored-log.ts'
import { BLOCKLIST_JAIL } from '../jail/definition.ts'
import { NeverBanned } from '../jail/ignore.ts'
import { Jail } from '../jail/jail.ts'
import { NEVER_NOBODY } from '../jail/never.ts'
import { SuccessLog } from '../jail/success-log.ts'
import type { LogLine } from '../line/line.ts'
import { isSubnet } from '../ip/cidr.ts'
import { Blocklist } from '../list/blocklist.ts'
import type { Needle } from '../regex/needed.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { BanEffect, Effect } from './effect.ts'
import { FinishedOrders } from './finished-orders.ts'
import type { Grounds } from './grounds.ts'
import type { Input, Plan } from './input.ts'
import type { Look, Looking } from './look.ts'
import { listenersOf } from './listeners.ts'
import type { Order } from './order.ts'
import type { Reply } from './inquiry.ts'
import { carryOut } from './orders.ts'
import { liftShares, takeShared } from './shares.ts'
import { jailChanges, liftForbidden } from './plan-change.ts'
import { Source } from './source.ts'
import type { EngineView } from './view.ts'

/** Detection and banning on one node: the same inputs at the same times give the same effects, always. */
export interface Engine {
  /** Takes one input at a moment (which never goes back) and says what should happen. */
  step(input: Input, now: EpochMs): readonly Effect[]
  /** The bans in force, in no order. */
  bans(): readonly Ban[]
  view(): EngineView
  /** When the next ban ends; null when none does. A tick at that moment records its expiry. */
  nextExpiry(): EpochMs | null
  /** Texts of which every line of a source holds one that can lead to anything; null: every line can. */
  needed(source: string): readonly Needle[] | null
  /** Whether a jail listens to a line's source whose expressions may take long for it. */
  mayTakeLong(line: LogLine): boolean
  /**
   * What those jails find in a line, to be handed in with it; null where there are none. Nothing is counted yet: whoever
   * cannot wait breaks it off from outside, then calls `giveUp`. What is unfinished goes on when the line is given again.
   */
  look(line: LogLine, now: EpochMs, how?: Looking): Look | null | 'unfinished'
  /** A look at a line of a source was broken off → the jail that it is due to. */
  giveUp(source: string): string | null
}

/** What the engine is told of its surroundings. */
export interface EngineOptions {
  /** The local zone of dates that name none; default UTC. */
  readonly zoneOffsetMinutes?: ZoneOffset
  /** What the random part of growing bans follows from; default 0. */
  readonly seed?: number
  /** For so long after a ban further failures do not extend it; default a minute. */
  readonly onTheWayMs?: number
  /** Whether bans keep the log lines and users of their tickets; else only the effects that make them do. Default true. */
  readonly keepsEvidence?: boolean
}

const NOTHING: readonly Effect[] = []
const ALL_AT_ONCE: Looking = { without: { has: () => false }, isOver: () => false }
const ON_THE_WAY_MS = 60_000

const isNewBan = (effect: Effect): effect is BanEffect =>
  effect.kind === 'ban' && effect.then.kind === 'ban.added'

/** Nearly always there are no effects, or one that is none. */
const hasNewBan = (effects: readonly Effect[]): boolean => effects.some(isNewBan)

const NOBODY = new NeverBanned(NEVER_NOBODY)

class NodeEngine implements Engine {
  readonly #zone: ZoneOffset
  readonly #bans = new BanList()
  readonly #orders = new FinishedOrders()
  readonly #offences = new Offences()
  readonly #blocklist = new Blocklist()
  readonly #successes = new SuccessLog()
  #grounds: Grounds
  /** Failures that were restored before there was a plan; null when there is one. */
  #waiting: Failure[] | null = []
  #sources = new Map<string, Source>()
  /** The one that was asked for last: lines of a source come together. */
  #last: Source | null = null

  constructor({
    zoneOffsetMinutes = UTC,
    seed = 0,
    onTheWayMs = ON_THE_WAY_MS,
    keepsEvidence = true,
  }: EngineOptions) {
    this.#zone = zoneOffsetMinutes
    this.#grounds = {
      bans: this.#bans,
      never: NOBODY,
      ignored: new IgnoredLog(),
      offences: this.#offences,
      chance: chanceFrom(seed),
      onTheWayMs,
      keepsEvidence,
      jails: new Map(),
    }
  }

  step(input: Input, now: EpochMs): readonly Effect[] {
    // As in fail2ban whoever fails in the very moment in which a ban ends is still banned.
    const isFailure = input.kind === 'line' || input.kind === 'reply'
    const expired = this.#expire(isFailure ? now - 1 : now)
    const effects = this.#withBansCounted(this.#take(input, now), now)
    return expired.length === 0 ? effects : [...expired, ...effects]
  }

  bans(): readonly Ban[] {
    return this.#bans.all()
  }

  view(): EngineView {
    const jails = [...this.#grounds.jails.values()].map((jail) => ({
      name: jail.name,
      activeBans: this.#bans.countOf(jail.name),
      tracked: jail.tracked,
      matches: jail.matches,
      lastMatchAt: jail.lastMatchAt,
    }))
    return {
      jails,
      sources: [...this.#sources.values()].map((source) => source.figures()),
      lists: { denied: this.#bans.countOf(BLOCKLIST_JAIL), refused: this.#blocklist.refused },
    }
  }

  nextExpiry(): EpochMs | null {
    return this.#bans.nextExpiry()
  }

  needed(source: string): readonly Needle[] | null {
    return this.#source(source).needed
  }

  mayTakeLong(line: LogLine): boolean {
    return this.#source(line.source).mayTakeLong(line)
  }

  look(line: LogLine, now: EpochMs, how: Looking = ALL_AT_ONCE): Look | null | 'unfinished' {
    return this.#source(line.source).look(line, now, how)
  }

  giveUp(source: string): string | null {
    return this.#source(source).giveUpLook()?.name ?? null
  }

  #take(input: Input, now: EpochMs): readonly Effect[] {
    switch (input.kind) {
      case 'line':
        return this.#source(input.line.source).take(input, this.#grounds, now)
      case 'passed':
        this.#source(input.source).pass(input)
        return NOTHING
      case 'tick':
        for (const jail of this.#grounds.jails.values()) jail.tidy(now)
        this.#offences.tidy(now)
        return this.#successes.due(now).map((event) => ({ kind: 'record', event }))
      case 'order':
        return this.#order(input.order, now)
      case 'share':
        return input.bans.flatMap((ban) => takeShared(ban, this.#grounds, now))
      case 'unshare':
        return liftShares(input, this.#grounds)
      case 'reply':
        return this.#resume(input.failure, input.reply, now)
      case 'plan':
        return this.#plan(input.plan, now)
      case 'restore':
        for (const offence of input.offences ?? []) this.#offences.restore(offence)
        return this.#restore(input.bans, input.failures, now)
    }
  }

  /** A jail that was stopped meanwhile has nothing to say any more. */
  #resume(failure: Failure, reply: Reply, now: EpochMs): readonly Effect[] {
    const jail = this.#grounds.jails.get(failure.jail)
    return jail?.resume(failure, reply, this.#grounds, now) ?? []
  }

  /**
   * Effects with what follows from new bans: they are remembered, those that were detected are failures for jails that
   * count bans, and neighbours may be banned whole. Each of these bans somebody who is not banned there, so this comes to
   * an end.
   */
  #withBansCounted(effects: readonly Effect[], now: EpochMs): readonly Effect[] {
    if (!hasNewBan(effects)) return effects
    const all = [...effects]
    for (const effect of all) {
      if (!isNewBan(effect)) continue
      this.#offences.note(effect.ban)
      all.push(
        ...(this.#grounds.jails.get(effect.ban.jail)?.takeNeighbour(effect.ban, this.#grounds, now) ?? []),
      )
      if (effect.ban.origin !== 'detected') continue
      for (const jail of this.#grounds.jails.values())
        all.push(...jail.takeBan(effect.ban, this.#grounds, now))
    }
    return all
  }

  #source(id: string): Source {
    if (this.#last?.id === id) return this.#last
    const source = this.#sources.get(id) ?? new Source(id, this.#zone)
    this.#sources.set(id, source)
    this.#last = source
    return source
  }

  #order(order: Order, now: EpochMs): readonly Effect[] {
    const answer = this.#orders.answerTo(order.id)
    if (answer !== null) return [answer]
    const effects = carryOut(order, this.#grounds, now)
    this.#orders.remember(order.id, effects)
    return effects
  }

  /** Counts and bans of jails that stay go on; new thresholds hold from the next failure on. */
  #plan(plan: Plan, now: EpochMs): readonly Effect[] {
    const before = this.#grounds.jails
    const jails = new Map(
      plan.jails.map(({ jail }) => [jail.definition.name, new Jail(jail, before.get(jail.definition.name))]),
    )
    this.#grounds = { ...this.#grounds, jails, never: new NeverBanned(plan.never) }
    for (const jail of jails.values()) if (jail.isNewToNeighbours) jail.restoreNeighbours(this.#grounds)
    this.#listen(plan)
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting !== null) this.#restoreFailures(waiting, now)
    const denied = this.#blocklist.follow(plan.denied ?? [], this.#grounds, now)
    return [...liftForbidden(this.#grounds), ...denied, ...jailChanges(before, jails)]
  }

  /** Sources that stay keep their figures and what they learned of their dates. */
  #listen(plan: Plan): void {
    const sources = new Map<string, Source>()
    for (const [id, { jails, successes }] of listenersOf(plan, this.#grounds.jails, this.#successes)) {
      const source = this.#source(id)
      source.listen(jails, successes)
      sources.set(id, source)
    }
    this.#sources = sources
    this.#last = null
  }

  /** What was known before a restart. Bans that ended meanwhile are told now; failures lead to nothing yet. */
  #restore(bans: readonly Ban[], failures: readonly Failure[], now: EpochMs): readonly Effect[] {
    for (const ban of bans) this.#bans.add(ban)
    const expired = this.#expire(now)
    if (this.#waiting !== null) {
      this.#waiting.push(...failures)
      return expired
    }
    this.#restoreFailures(failures, now)
    for (const jail of this.#grounds.jails.values()) jail.restoreNeighbours(this.#grounds)
    return [...expired, ...liftForbidden(this.#grounds)]
  }

  #restoreFailures(failures: readonly Failure[], now: EpochMs): void {
    for (const failure of [...failures].sort((one, other) => one.at - other.at)) {
      const jail = this.#grounds.jails.get(failure.jail)
      if (jail === undefined) continue
      const ban = this.#bans.get(failure.jail, jail.countedAs(failure.ip, this.#grounds))
      const ledToBan = ban !== null && failure.at <= (ban.ticket?.last ?? ban.at)
      if (!ledToBan) jail.restore(failure, this.#grounds, now)
    }
  }

  /** The kernel lifts a ban by itself at its end, so there is nothing to do but to tell. */
  #expire(now: EpochMs): readonly Effect[] {
    const ended = this.#bans.expire(now)
    // Asked with every line, and nearly always there are none.
    if (ended.length === 0) return NOTHING
    return ended.flatMap(({ jail, ip, origin }): readonly Effect[] => {
      if (origin !== 'list') return [{ kind: 'record', event: { kind: 'ban.expired', jail, ip } }]
      // A subnet that ends may uncover a smaller one inside.
      return isSubnet(ip) ? [{ kind: 'release', jail, ip }] : []
    })
  }
}

/** An engine without a plan: it knows no jails until one is given. */
export function makeEngine(options: EngineOptions = {}): Engine {
  return new NodeEngine(options)
}

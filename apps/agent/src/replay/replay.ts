import {
  FOREVER,
  eventOf,
  makeEngine,
  makeMatcher,
  type Answer,
  type Ban,
  type CompiledJail,
  type Effect,
  type EngineOptions,
  type EpochMs,
  type LogLine,
  type NeverBan,
  type Seconds,
} from '@warder/core'

/** What would have happened while a log was written. */
export interface Outcome {
  readonly at: EpochMs
  readonly jail: string
  readonly ip: string
  readonly action: 'ban' | 'unban'
  /** How many failures led to the ban. */
  readonly failures: number
  /** Seconds; -1 for ever. */
  readonly bantime: Seconds
}

/** What is run over a log. */
export interface ReplayPlan {
  readonly jails: readonly CompiledJail[]
  readonly never: NeverBan
  /** The local zone of dates that name none. */
  readonly zone: NonNullable<EngineOptions['zoneOffsetMinutes']>
  /** The moment that no date in the log is beyond. */
  readonly now: EpochMs
}

/**
 * A log run through the real engine on the log's own clock: time is what the lines say that a jail finds something in, and
 * never goes back. Bans end when the log goes on beyond their end.
 */
export class Replay {
  readonly #engine
  readonly #matchers
  readonly #source: string
  readonly #now: EpochMs
  readonly #bans = new Map<string, Ban>()
  #moment = 0

  /** `source`: the name of the log. */
  constructor({ jails, never, zone, now }: ReplayPlan, source: string) {
    // Nobody was shut out while the log was written, so nothing in it was on the way.
    this.#engine = makeEngine({ zoneOffsetMinutes: zone, onTheWayMs: 0 })
    this.#matchers = jails.map(({ filter }) => makeMatcher(filter, zone))
    this.#source = source
    this.#now = now
    const planned = jails.map((jail) => ({ jail, sources: [source] }))
    this.#engine.step({ kind: 'plan', plan: { jails: planned, never } }, 0)
  }

  /** The next line of the log → what follows from it. */
  take(text: string): readonly Outcome[] {
    const line: LogLine = { source: this.#source, text, readAt: this.#now }
    const times = this.#matchers.flatMap((matcher) => matcher(line, this.#now)?.at ?? [])
    const until = Math.max(this.#moment, ...times)
    const ended = this.#passTo(until)
    const effects = this.#engine.step({ kind: 'line', line: { ...line, readAt: until } }, until)
    return [...ended, ...effects.flatMap((effect) => this.#told(this.#answered(effect)))]
  }

  /** Lets time pass, ban by ban, so that each ends at its own moment. */
  #passTo(until: EpochMs): readonly Outcome[] {
    const ended: Outcome[] = []
    for (let next = this.#engine.nextExpiry(); next !== null && next < until;) {
      this.#moment = Math.max(this.#moment, next)
      for (const effect of this.#engine.step({ kind: 'tick' }, this.#moment))
        ended.push(...this.#toldOf(effect))
      const after = this.#engine.nextExpiry()
      next = after === next ? null : after
    }
    this.#moment = until
    return ended
  }

  /** Nothing outside of the log is asked: commands say nothing, and names are as unknown as they may be by now. */
  #answered(effect: Effect): readonly Effect[] {
    if (effect.kind !== 'ask') return [effect]
    const { question, failure } = effect
    const answer: Answer =
      question.kind === 'ignored'
        ? { kind: 'ignored', isIgnored: false }
        : { kind: 'addresses', addresses: [] }
    const effects = this.#engine.step({ kind: 'answer', failure, answer }, this.#moment)
    return effects.flatMap((each) => this.#answered(each))
  }

  #told(effects: readonly Effect[]): readonly Outcome[] {
    return effects.flatMap((effect) => this.#toldOf(effect))
  }

  #toldOf(effect: Effect): readonly Outcome[] {
    const event = eventOf(effect)
    if (event === null) return []
    if (event.kind === 'ban.extended') this.#bans.set(`${event.ban.jail} ${event.ban.ip}`, event.ban)
    if (event.kind === 'ban.added') {
      const { ban } = event
      this.#bans.set(`${ban.jail} ${ban.ip}`, ban)
      return [outcome(ban, 'ban', ban.at)]
    }
    if (event.kind !== 'ban.expired' && event.kind !== 'ban.lifted') return []
    const key = `${event.jail} ${event.ip}`
    const ban = this.#bans.get(key)
    this.#bans.delete(key)
    return ban === undefined ? [] : [outcome(ban, 'unban', ban.until ?? this.#moment)]
  }
}

function outcome(ban: Ban, action: Outcome['action'], at: EpochMs): Outcome {
  const bantime = ban.until === null ? FOREVER : Math.round((ban.until - ban.at) / 1_000)
  return { at, jail: ban.jail, ip: ban.ip, action, failures: ban.ticket?.failures ?? 0, bantime }
}

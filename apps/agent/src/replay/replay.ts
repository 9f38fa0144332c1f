import {
  beginOf,
  compileFilter,
  FOREVER,
  eventOf,
  makeEngine,
  makeMatcher,
  type Reply,
  type Ban,
  type CompiledFilter,
  type CompiledJail,
  type Effect,
  type EngineOptions,
  type EpochMs,
  type LogLine,
  type Match,
  type Matcher,
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

/** What a jail found in a line. */
export interface Finding {
  readonly jail: string
  readonly match: Match
}

/**
 * A log run through the real engine on the log's own clock: time is what the lines say that a jail finds something in, and
 * never goes back. Bans end when the log goes on beyond their end.
 *
 * The moment of a line is known only when a filter found something in it, and the engine wants to know it beforehand. So
 * the filters run here, in front of it, and each jail of the engine is told who failed in lines of its own.
 */
export class Replay {
  readonly #engine
  readonly #matchers: readonly (readonly [jail: string, matcher: Matcher])[]
  readonly #now: EpochMs
  readonly #bans = new Map<string, Ban>()
  #moment = 0

  constructor({ jails, never, zone, now }: ReplayPlan) {
    // Nobody was shut out while the log was written, so nothing in it was on the way.
    this.#engine = makeEngine({ zoneOffsetMinutes: zone, onTheWayMs: 0 })
    this.#matchers = jails.map(({ definition, filter }) => [
      definition.name,
      makeMatcher(filter, zone, 'log'),
    ])
    this.#now = now
    const planned = jails.map((jail) => ({
      jail: { ...jail, filter: TELLING },
      sources: [jail.definition.name],
    }))
    this.#engine.step({ kind: 'plan', plan: { jails: planned, never } }, 0)
  }

  /** What the jails find in the next line, as far as it is an address: no names are looked up. Changes nothing else. */
  find(line: LogLine): readonly Finding[] {
    const found: Finding[] = []
    for (const [jail, matcher] of this.#matchers) {
      const match = matcher(line, this.#now)
      if (match !== null && match.stranger === undefined) found.push({ jail, match })
    }
    return found
  }

  /** What follows from what was found in a line. */
  follow(found: readonly Finding[]): readonly Outcome[] {
    if (found.length === 0) return NOTHING
    const inOrder = found.toSorted((one, other) => one.match.at - other.match.at)
    return inOrder.flatMap(({ jail, match }) => {
      const now = Math.max(this.#moment, match.at)
      const ended = this.#passTo(now)
      const line = { source: jail, text: tell(match), readAt: now, writtenAt: match.at }
      const effects = this.#engine.step({ kind: 'line', line }, now)
      return [...ended, ...effects.flatMap((effect) => this.#resumed(effect))]
    })
  }

  /** Lets time pass, ban by ban, so that each ends at its own moment. */
  #passTo(until: EpochMs): readonly Outcome[] {
    const ended: Outcome[] = []
    for (let next = this.#engine.nextExpiry(); next !== null && next < until;) {
      this.#moment = Math.max(this.#moment, next)
      for (const effect of this.#engine.step({ kind: 'tick' }, this.#moment))
        ended.push(...this.#told(effect))
      const after = this.#engine.nextExpiry()
      next = after === next ? null : after
    }
    this.#moment = until
    return ended
  }

  /** Nothing outside of the log is asked, so no command says that somebody does not count. */
  #resumed(effect: Effect): readonly Outcome[] {
    if (effect.kind !== 'ask') return this.#told(effect)
    const reply: Reply =
      effect.inquiry.kind === 'ignored'
        ? { kind: 'ignored', isIgnored: false }
        : { kind: 'addresses', addresses: [] }
    const effects = this.#engine.step({ kind: 'reply', failure: effect.failure, reply }, this.#moment)
    return effects.flatMap((each) => this.#resumed(each))
  }

  #told(effect: Effect): readonly Outcome[] {
    const event = eventOf(effect)
    if (event === null) return NOTHING
    if (event.kind === 'ban.added' || event.kind === 'ban.extended') {
      const { ban } = event
      this.#bans.set(`${ban.jail} ${ban.ip}`, ban)
      return event.kind === 'ban.added' ? [outcome(ban, 'ban', beginOf(ban))] : NOTHING
    }
    if (event.kind !== 'ban.expired' && event.kind !== 'ban.lifted') return NOTHING
    const key = `${event.jail} ${event.ip}`
    const ban = this.#bans.get(key)
    this.#bans.delete(key)
    return ban === undefined ? NOTHING : [outcome(ban, 'unban', ban.until ?? this.#moment)]
  }
}

const NOTHING: readonly Outcome[] = []

function outcome(ban: Ban, action: Outcome['action'], at: EpochMs): Outcome {
  const bantime = ban.until === null ? FOREVER : Math.round((ban.until - beginOf(ban)) / 1_000)
  return { at, jail: ban.jail, ip: ban.ip, action, failures: ban.ticket?.failures ?? 0, bantime }
}

/** The line that tells a jail of the engine what its filter found, and the filter that reads it. */
const tell = ({ ip, user }: Match): string => `${ip} ${user ?? ''}`

const TELLING: CompiledFilter = (() => {
  const made = compileFilter({
    name: 'told',
    failregex: ['^<F-ID>\\S+</F-ID> <F-USER>.*</F-USER>$'],
    ignoreregex: [],
    datepattern: '{NONE}',
    maxlines: 1,
    journalmatch: [],
  })
  if (!made.ok) throw new Error(made.problems.join('; '))
  return made.filter
})()

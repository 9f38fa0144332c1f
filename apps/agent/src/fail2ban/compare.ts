import type { EpochMs } from '@warder/core'

/** A ban that one of the two made. */
export interface Verdict {
  readonly jail: string
  readonly ip: string
  readonly at: EpochMs
  /** Null: for ever. */
  readonly until: EpochMs | null
  /** Why, in words; null where it is not known. */
  readonly why: string | null
}

/** Where the two do not agree, or did so late. */
export interface Difference {
  readonly kind: 'only Warder' | 'only fail2ban' | 'other end' | 'late' | 'unbanned' | 'not comparable'
  readonly jail: string
  readonly ip: string
  readonly why: string
}

/** How often what was the case. */
export interface Summary {
  readonly agreed: number
  readonly onlyWarder: number
  readonly onlyFail2ban: number
  readonly otherEnd: number
  /** Agreed on, but further apart than tolerated. */
  readonly late: number
  /** Lifted by one side alone before its end. */
  readonly unbanned: number
  /** Began before the comparison did. */
  readonly notComparable: number
  /** Too fresh to tell. */
  readonly open: number
}

interface Options {
  readonly toleranceMs: number
  readonly startedAt: EpochMs
  /** How long before a ban its failures may lie, by jail. */
  readonly findtimesMs: ReadonlyMap<string, number>
}

type Side = 'ours' | 'theirs'
const OTHER = { ours: 'theirs', theirs: 'ours' } as const
/** Bans that are remembered of each side; the oldest go. Log lines are written by attackers. */
const MOST = 100_000

/** Tells the bans of Warder and of fail2ban apart as they are made; each waits for its counterpart for a while. */
export class Comparison {
  readonly #options: Options
  /** Bans in force, by jail and address. */
  readonly #standing = { ours: new Map<string, Verdict>(), theirs: new Map<string, Verdict>() }
  /** Bans of one side alone, and since when. */
  readonly #waiting = new Map<string, { readonly side: Side; readonly since: EpochMs }>()
  /** Both banned; whether they end alike is looked at when nothing is on the way any more. */
  readonly #ending = new Map<string, EpochMs>()
  /** What was told as banned by one side alone. */
  readonly #told = new Map<string, { readonly side: Side; readonly since: EpochMs }>()
  /** Lifted before their end by one side while the other still bans, and since when. */
  readonly #lifting = new Map<string, { readonly side: Side; readonly since: EpochMs }>()
  readonly #counted = new Map<string, number>()
  readonly #ignored = new Map<string, string>()
  readonly #counts = { agreed: 0, ours: 0, theirs: 0, otherEnd: 0, late: 0, unbanned: 0, notComparable: 0 }

  constructor(options: Options) {
    this.#options = options
  }

  /** A ban of fail2ban from before the comparison. */
  begin(verdict: Verdict): void {
    put(this.#standing.theirs, keyOf(verdict), verdict)
  }

  /** Warder counted a failure, or did not and why. */
  noteFailure(jail: string, ip: string, ignored: string | null): void {
    const key = keyOf({ jail, ip })
    if (ignored === null) put(this.#counted, key, (this.#counted.get(key) ?? 0) + 1)
    else put(this.#ignored, key, ignored)
  }

  /** One of the two banned, or changed how long a ban lasts → what that says of an earlier difference. */
  note(side: Side, verdict: Verdict, now: EpochMs): readonly Difference[] {
    const key = keyOf(verdict)
    const before = this.#standing[side].get(key)
    const isChange =
      before !== undefined && (before.at === verdict.at || (before.until ?? Infinity) > verdict.at)
    put(this.#standing[side], key, verdict)
    if (this.#lifting.get(key)?.side === side) this.#lifting.delete(key)
    if (isChange || this.#ending.has(key)) return []
    const told = this.#told.get(key)
    if (told?.side === OTHER[side]) {
      this.#told.delete(key)
      this.#counts[told.side]--
      this.#counts.late++
      const seconds = Math.round((now - told.since) / 1_000)
      return [
        {
          kind: 'late',
          jail: verdict.jail,
          ip: verdict.ip,
          why: `${nameOf(side)} followed after ${seconds} s`,
        },
      ]
    }
    const other = this.#standing[OTHER[side]].get(key)
    if (other !== undefined && (other.until ?? Infinity) >= verdict.at) {
      // One that stood before the comparison says nothing of how long it would be now.
      const isFresh = this.#waiting.delete(key)
      this.#counts.agreed++
      if (isFresh) put(this.#ending, key, now)
      return []
    }
    if (this.#waiting.get(key) === undefined) put(this.#waiting, key, { side, since: now })
    return []
  }

  /** One of the two lifted a ban: its next one is a new one. Whether the other does so too is waited for. */
  lifted(side: Side, { jail, ip }: Pick<Verdict, 'jail' | 'ip'>, now: EpochMs): void {
    const key = keyOf({ jail, ip })
    const before = this.#standing[side].get(key)
    const isOver = before === undefined || (before.until ?? Infinity) <= now
    this.#standing[side].delete(key)
    if (this.#lifting.get(key)?.side === OTHER[side]) this.#lifting.delete(key)
    else if (!isOver) put(this.#lifting, key, { side, since: now })
  }

  /** What has become clear by now. */
  settle(now: EpochMs): readonly Difference[] {
    const isDue = (since: EpochMs): boolean => now - since >= this.#options.toleranceMs
    const alone = [...this.#waiting].flatMap(([key, { side, since }]) =>
      isDue(since) ? this.#alone(key, side, since) : [],
    )
    const ends = [...this.#ending].flatMap(([key, since]) => (isDue(since) ? this.#compareEnds(key) : []))
    const lifts = [...this.#lifting].flatMap(([key, { side, since }]) =>
      isDue(since) ? this.#liftedAlone(key, side, now) : [],
    )
    return [...alone, ...ends, ...lifts]
  }

  summary(): Summary {
    const { agreed, ours, theirs, otherEnd, late, unbanned, notComparable } = this.#counts
    return {
      agreed,
      onlyWarder: ours,
      onlyFail2ban: theirs,
      otherEnd,
      late,
      unbanned,
      notComparable,
      open: this.#waiting.size,
    }
  }

  #alone(key: string, side: Side, since: EpochMs): readonly Difference[] {
    this.#waiting.delete(key)
    const verdict = this.#standing[side].get(key)
    if (verdict === undefined) return []
    const { jail, ip, why, at } = verdict
    const began = at - (this.#options.findtimesMs.get(jail) ?? 0)
    const counted = this.#counted.get(key) ?? 0
    if (side === 'theirs' && began < this.#options.startedAt && !this.#ignored.has(key)) {
      this.#counts.notComparable++
      const words = `Warder saw ${counted} failures; others may have been before it began to look`
      return [{ kind: 'not comparable', jail, ip, why: words }]
    }
    this.#counts[side]++
    put(this.#told, key, { side, since })
    if (side === 'ours') return [{ kind: 'only Warder', jail, ip, why: why ?? 'no reason is known' }]
    const ignored = this.#ignored.get(key)
    const words =
      ignored === undefined ? `Warder counted ${counted} failures` : `Warder counted none: ${ignored}`
    return [{ kind: 'only fail2ban', jail, ip, why: why === null ? words : `${why}; ${words}` }]
  }

  #liftedAlone(key: string, side: Side, now: EpochMs): readonly Difference[] {
    this.#lifting.delete(key)
    const left = this.#standing[OTHER[side]].get(key)
    if (left === undefined || (left.until ?? Infinity) <= now) return []
    this.#counts.unbanned++
    const why = `${nameOf(side)} lifted its ban, ${nameOf(OTHER[side])} bans until ${momentOf(left.until)}`
    return [{ kind: 'unbanned', jail: left.jail, ip: left.ip, why }]
  }

  #compareEnds(key: string): readonly Difference[] {
    this.#ending.delete(key)
    const [ours, theirs] = [this.#standing.ours.get(key), this.#standing.theirs.get(key)]
    if (ours === undefined || theirs === undefined) return []
    const apart = Math.abs((ours.until ?? Infinity) - (theirs.until ?? Infinity))
    // Two that never end are no difference: Infinity - Infinity is no number.
    if (!(apart > this.#options.toleranceMs)) return []
    this.#counts.otherEnd++
    const why = `Warder until ${momentOf(ours.until)}, fail2ban until ${momentOf(theirs.until)}`
    return [{ kind: 'other end', jail: ours.jail, ip: ours.ip, why }]
  }
}

const keyOf = ({ jail, ip }: { readonly jail: string; readonly ip: string }): string => `${jail} ${ip}`
const nameOf = (side: Side): string => (side === 'ours' ? 'Warder' : 'fail2ban')
const momentOf = (at: EpochMs | null): string => (at === null ? 'ever' : new Date(at).toISOString())

function put<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > MOST && oldest !== undefined) map.delete(oldest)
}

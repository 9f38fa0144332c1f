import { Replay, type EpochMs, type ReplaySettings } from '@warder/core'
import type { PastFailures } from './failure-text.ts'

/** What a preview tries on a node. */
export interface NodeTrial {
  readonly nodeId: number
  readonly now: ReplaySettings
  readonly proposed: ReplaySettings
}

/** An address that would have been banned, how often and when first. */
export interface Banned {
  readonly ip: string
  readonly at: EpochMs
  readonly bans: number
}

/** What settings would have led to. */
export interface Side {
  readonly bans: number
  readonly addresses: number
}

/** An address that only one of two settings would have banned. */
export interface Only {
  readonly total: number
  /** The first of them, by time. */
  readonly addresses: readonly Banned[]
}

/** What the past of a node comes to under two settings. */
export interface Compared {
  readonly nodeId: number
  readonly failures: number
  readonly now: Side
  readonly proposed: Side
  readonly banned: Only
  readonly spared: Only
}

/** An address under one of the settings: how often it was banned, and when first; null: never. */
function bansOf(settings: ReplaySettings, ip: string, times: readonly EpochMs[]): Banned | null {
  // Fewer failures than maxretry never make an estimate of as many.
  if (times.length < settings.maxretry) return null
  const replay = new Replay(settings, ip)
  let first: EpochMs | null = null
  let bans = 0
  for (const at of times) {
    if (replay.take(at) === null) continue
    first ??= at
    bans++
  }
  return first === null ? null : { ip, at: first, bans }
}

const isBanned = (banned: Banned | null): banned is Banned => banned !== null

const sideOf = (banned: readonly (Banned | null)[]): Side => ({
  bans: banned.reduce((sum, each) => sum + (each?.bans ?? 0), 0),
  addresses: banned.filter(isBanned).length,
})

function only(one: readonly (Banned | null)[], other: readonly (Banned | null)[], most: number): Only {
  const banned = one.filter((each, at) => other[at] === null).filter(isBanned)
  const addresses = banned.toSorted((first, second) => first.at - second.at).slice(0, most)
  return { total: banned.length, addresses }
}

function comparedOn({ nodeId, ...trial }: NodeTrial, past: Past, most: number): Compared {
  const addresses = [...past.entries()]
  const now = addresses.map(([ip, times]) => bansOf(trial.now, ip, times))
  const proposed = addresses.map(([ip, times]) => bansOf(trial.proposed, ip, times))
  return {
    nodeId,
    failures: addresses.reduce((sum, [, times]) => sum + times.length, 0),
    now: sideOf(now),
    proposed: sideOf(proposed),
    banned: only(proposed, now, most),
    spared: only(now, proposed, most),
  }
}

/** When each address failed on a node, in the order in which it came in. */
type Past = ReadonlyMap<string, EpochMs[]>

/** A copy: a piece would keep the text that it was cut out of. */
const copyOf = (text: string): string => Array.from(text).join('')

/**
 * Replays failures, in the order in which they came in, under the settings of now and those that are proposed. Address by
 * address: what is looked at again and again then stays near the processor.
 */
export function compare(
  failures: PastFailures,
  trials: readonly NodeTrial[],
  most: number,
): readonly Compared[] {
  const pasts = new Map(trials.map(({ nodeId }) => [nodeId, new Map<string, EpochMs[]>()]))
  failures((nodeId, ip, at) => {
    const past = pasts.get(nodeId)
    if (past === undefined) return
    const times = past.get(ip)
    if (times === undefined) past.set(copyOf(ip), [at])
    else times.push(at)
  })
  return trials.map((trial) => comparedOn(trial, pasts.get(trial.nodeId) ?? new Map(), most))
}

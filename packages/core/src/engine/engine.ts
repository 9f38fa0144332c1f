import type { Ban } from '../ban/ban.ts'
import type { ZoneOffset } from '../date/parse.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { Effect } from './effect.ts'
import type { Input } from './input.ts'
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
}

/** What the engine is told of its surroundings. */
export interface EngineOptions {
  /** The local zone of dates that name none; default UTC. */
  readonly zoneOffsetMinutes?: ZoneOffset
}

/** An engine without a plan: it knows no jails until one is given. */
export function makeEngine(options: EngineOptions = {}): Engine {
  void options
  return { step: () => [], bans: () => [], view: () => ({ jails: [], sources: [] }), nextExpiry: () => null }
}

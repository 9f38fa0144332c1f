import type { EpochMs } from '@warder/core'
import type { Actor } from '../actor.ts'
import type { World } from '../world.ts'

/** A time during which a node's agent does not run; its journal goes on. */
export interface Outage {
  readonly node: string
  readonly from: EpochMs
  readonly until: EpochMs
}

/** What happens in a world. */
export interface Script {
  readonly name: ScriptName | 'past' | 'opening'
  /** The first time, the second ...: the same script again brings others. */
  readonly turn: number
  readonly actors: readonly Actor[]
  /** Null: always has been. Else nothing of it happens before. */
  readonly begins: EpochMs | null
  /** Null: goes on for ever. Else no run begins after it. */
  readonly ends: EpochMs | null
  /** How much time is made up at once, in ms: the shorter, the less is held in memory. */
  readonly slotMs: number
  readonly outages: readonly Outage[]
}

export type ScriptName = 'quiet-day' | 'storm' | 'node-lost' | 'false-alarm' | 'flood'

/** Makes a script that begins at a moment, for the first time (turn 0) or once more. */
export type ScriptMaker = (world: World, at: EpochMs, turn?: number) => Script

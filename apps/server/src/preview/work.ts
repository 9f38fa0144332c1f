import type { EpochMs } from '@warder/core'
import { compare, type Compared, type NodeTrial } from './compare.ts'
import { backend } from '../backend.ts'

/** What a preview has to work out. */
export interface Work {
  /** The data folder that the history belongs to. */
  readonly folder: string
  readonly jail: string
  readonly from: EpochMs
  readonly to: EpochMs
  readonly trials: readonly NodeTrial[]
  /** Most addresses that are named on each side. */
  readonly named: number
}

/** Works a preview out, beside everything else. */
export function work({ folder, jail, from, to, trials, named }: Work): readonly Compared[] {
  using past = backend.openPast(folder)
  return compare(past.of(jail, from, to), trials, named)
}

import type { EpochMs } from '@warder/core'
import { compare, type Compared, type NodeTrial } from './compare.ts'
import { openFailures } from './failure-store.ts'

/** What a preview has to work out. */
export interface Work {
  /** The file of the history. */
  readonly file: string
  readonly jail: string
  readonly from: EpochMs
  readonly to: EpochMs
  readonly trials: readonly NodeTrial[]
  /** Most addresses that are named on each side. */
  readonly named: number
}

/** Works a preview out, on a connection of its own. */
export function work({ file, jail, from, to, trials, named }: Work): readonly Compared[] {
  using past = openFailures(file)
  return compare(past.of(jail, from, to), trials, named)
}

import type { JailView } from '@warder/protocol/api'
import type { Fleet } from './fleet.ts'
import { layerWords, type Editable } from './matrix.ts'

/** The fleet as if there were one node only: what is said of it is said of that node. */
export const onlyNode = (fleet: Fleet, name: string): Fleet => ({
  ...fleet,
  nodes: fleet.nodes.filter((node) => node.name === name),
  jails: fleet.jails.filter((jail) => jail.node === name),
})

/** Jails that do not run though they should come first, then those that run, then those that are off. */
const RANK: Readonly<Record<JailView['state'], number>> = {
  failed: 0,
  paused: 0,
  running: 1,
  unknown: 2,
  disabled: 3,
}

/** Whether a jail runs, or should. */
const isInUse = ({ state, wanted }: JailView): boolean => wanted.enabled || RANK[state] < 2

/** The jails of one node, most urgent first, else in the order they came in; those that nobody uses apart. */
export function jailsOn(
  jails: readonly JailView[],
  node: string,
): { readonly inUse: readonly JailView[]; readonly off: readonly JailView[] } {
  const own = jails.filter((jail) => jail.node === node).toSorted((a, b) => RANK[a.state] - RANK[b.state])
  return { inUse: own.filter(isInUse), off: own.filter((jail) => !isInUse(jail)) }
}

/** Where some settings of a jail come from. */
export interface Origin {
  /** In words: `set for all nodes`. */
  readonly words: string
  readonly settings: readonly Editable[]
}

const NUMBERS: readonly Editable[] = ['maxretry', 'findtime', 'bantime']

/** Where the three numbers of a jail come from, those from the same place together. */
export const origins = (jail: JailView): readonly Origin[] =>
  Array.from(
    Map.groupBy(NUMBERS, (setting) => layerWords(jail, setting)),
    ([words, settings]) => ({ words, settings }),
  )

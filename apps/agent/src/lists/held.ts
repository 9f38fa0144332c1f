import type { Denied, EpochMs } from '@warder/core'
import type { Operators, WantedLists } from '@warder/protocol'

/** An address or subnet that is not banned until a moment; null: without an end. */
export interface Allowed {
  readonly ip: string
  readonly until: EpochMs | null
}

/** The server's lists, laid out for use: many entries, so this is done once for each change. */
export interface ReadLists {
  readonly wanted: WantedLists
  readonly allow: readonly Allowed[]
  readonly deny: readonly Denied[]
}

/** Who is allowed by this node's own command line, with a note for the operator. */
export interface LocalAllowed extends Allowed {
  readonly note: string
  readonly at: EpochMs
}

/** All that this node was told of single addresses, apart from its files. */
export interface Held {
  readonly lists: ReadLists
  readonly operators: Operators
  readonly local: readonly LocalAllowed[]
}

export const NO_LISTS: WantedLists = { revision: 0, stamp: '', lists: [] }

export const NOTHING_HELD: Held = {
  lists: { wanted: NO_LISTS, allow: [], deny: [] },
  operators: [],
  local: [],
}

/** Lists as they came → their entries. */
export function readLists(wanted: WantedLists): ReadLists {
  const entriesOf = (kind: 'allow' | 'deny'): Denied[] =>
    wanted.lists.flatMap(({ kind: own, name, targets, ending }) =>
      own === kind
        ? [
            ...targets.map((ip): Denied => ({ ip, until: null, list: name })),
            ...ending.map(({ ip, until }): Denied => ({ ip, until, list: name })),
          ]
        : [],
    )
  return { wanted, allow: entriesOf('allow'), deny: entriesOf('deny') }
}

const isAhead = ({ until }: { readonly until: EpochMs | null }, now: EpochMs): boolean =>
  until === null || until > now

/** Who is not to be banned at a moment: by allow lists and this node's own, and for being at the dashboard. */
export function allowedAt({ lists, operators, local }: Held, now: EpochMs) {
  const listed = [...lists.allow, ...local].filter((entry) => isAhead(entry, now)).map(({ ip }) => ip)
  return {
    allowlist: [...new Set(listed)],
    operators: [...new Set(operators.filter((entry) => isAhead(entry, now)).map(({ ip }) => ip))],
  }
}

import { LINK_VERSION_MIN, settingsFor } from '@warder/protocol'
import type { Roster } from '../link/roster.ts'
import type { NodeStore } from '../nodes/store.ts'
import type { TuningBook } from './tuning.ts'

export interface PublishParts {
  readonly roster: Roster
  readonly nodes: NodeStore
  readonly tuning: TuningBook
}

/** Sends the newest revision to every node that is online; the others get it with their next welcome. */
export function makePublish({ roster, nodes, tuning }: PublishParts): () => void {
  return () => {
    for (const id of roster.nodes) {
      const node = nodes.byId(id)
      if (!node) continue
      const settings = settingsFor(roster.versionOf(id) ?? LINK_VERSION_MIN, tuning.wantedFor(node))
      roster.send(id, { kind: 'settings', settings })
    }
  }
}

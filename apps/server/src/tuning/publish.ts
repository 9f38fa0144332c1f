import { FLEET_SETTINGS_SINCE, type WantedSettings } from '@warder/protocol'
import type { Roster } from '../link/roster.ts'
import type { NodeStore } from '../nodes/store.ts'
import type { TuningBook } from './tuning.ts'

export interface PublishParts {
  readonly roster: Roster
  readonly nodes: NodeStore
  readonly tuning: TuningBook
}

/** The settings as an agent understands them: older ones know nothing but jails. */
export const asSpoken = (settings: WantedSettings, version: number): WantedSettings =>
  version >= FLEET_SETTINGS_SINCE ? settings : { revision: settings.revision, jails: settings.jails }

/** Sends the newest revision to every node that is online; the others get it with their next welcome. */
export function makePublish({ roster, nodes, tuning }: PublishParts): () => void {
  return () => {
    for (const id of roster.nodes) {
      const node = nodes.byId(id)
      const version = roster.versionOf(id) ?? 0
      if (node) roster.send(id, { kind: 'settings', settings: asSpoken(tuning.wantedFor(node), version) })
    }
  }
}

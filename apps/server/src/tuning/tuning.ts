import {
  changeTuning,
  describeChange,
  EMPTY_TUNING,
  overridesFor,
  type SettingsChange,
  type TuningLayer,
} from '@warder/core'
import type { Clock } from '@warder/daemon'
import { AppError, wantedSettings, type WantedSettings } from '@warder/protocol'
import type { Revision, TuningStore } from './store.ts'

/** A change of one jail on one layer, by someone. */
export interface TuningChange {
  readonly layer: TuningLayer
  readonly jail: string
  readonly change: SettingsChange
  readonly by: string
  readonly reason: string | null
  /** The revision that the change is based on; undefined: whatever is newest. */
  readonly base: number | undefined
}

/** Where a node stands. */
interface Where {
  readonly name: string
  readonly cluster: string | null
}

export type TuningBook = ReturnType<typeof makeTuning>

/** The newest revision, and how a new one comes to be. */
export function makeTuning({ store, clock }: { store: TuningStore; clock: Clock }) {
  let newest: Revision = store.newest() ?? { revision: 0, document: EMPTY_TUNING }
  return {
    newest: (): Revision => newest,

    /** What a node should run: everything that any layer says about it. */
    wantedFor: (node: Where): WantedSettings =>
      wantedSettings.parse({
        revision: newest.revision,
        jails: overridesFor(newest.document, { node: node.name, cluster: node.cluster }),
      }),

    /**
     * Appends a revision, unless nothing would be different; answers what was before and what is now.
     * @throws AppError revision.stale
     */
    change({ layer, jail, change, by, reason, base }: TuningChange): { before: Revision; after: Revision } {
      const before = newest
      if (base !== undefined && base !== before.revision) {
        throw new AppError(
          'revision.stale',
          `The settings are at revision ${before.revision} by now; the change was based on ${base}.`,
        )
      }
      const document = changeTuning(before.document, layer, jail, change)
      const summary = describeChange(before.document, document)
      if (JSON.stringify(document) === JSON.stringify(before.document) || summary === NO_CHANGE)
        return { before, after: before }
      const revision = before.revision + 1
      store.add({ revision, at: clock.now(), by, reason, summary }, document)
      newest = { revision, document }
      return { before, after: newest }
    },
  }
}

const NO_CHANGE = describeChange(EMPTY_TUNING, EMPTY_TUNING)

import {
  changeFleet,
  changeTuning,
  describeChange,
  EMPTY_TUNING,
  overridesFor,
  type FleetChange,
  type SettingsChange,
  type Tuning,
  type TuningLayer,
} from '@warder/core'
import type { Clock } from '@warder/daemon'
import { AppError, wantedSettings, type WantedSettings } from '@warder/protocol'
import type { Revision, TuningStore } from './store.ts'

/** By whom, and why. */
interface Wish {
  readonly by: string
  readonly reason: string | null
  /** The revision that the change is based on; undefined: whatever is newest. */
  readonly base: number | undefined
}

/** A change of one jail on one layer, by someone. */
export interface TuningChange extends Wish {
  readonly layer: TuningLayer
  readonly jail: string
  readonly change: SettingsChange
}

/** Where a node stands. */
interface Where {
  readonly name: string
  readonly cluster: string | null
}

/** The revisions before and after a change; the same where it changed nothing. */
interface Appended {
  readonly before: Revision
  readonly after: Revision
}

export type TuningBook = ReturnType<typeof makeTuning>

/** The newest revision, and how a new one comes to be. */
export function makeTuning({ store, clock }: { store: TuningStore; clock: Clock }) {
  let newest: Revision = store.newest() ?? { revision: 0, document: EMPTY_TUNING }

  const append = ({ by, reason, base }: Wish, edit: (tuning: Tuning) => Tuning): Appended => {
    const before = newest
    if (base !== undefined && base !== before.revision) {
      throw new AppError(
        'revision.stale',
        `The settings are at revision ${before.revision} by now; the change was based on ${base}.`,
      )
    }
    const document = edit(before.document)
    const summary = describeChange(before.document, document)
    if (JSON.stringify(document) === JSON.stringify(before.document) || summary === NO_CHANGE)
      return { before, after: before }
    const revision = before.revision + 1
    store.add({ revision, at: clock.now(), by, reason, summary }, document)
    newest = { revision, document }
    return { before, after: newest }
  }

  return {
    newest: (): Revision => newest,

    /** What a node should run: everything that any layer says about it. */
    wantedFor: (node: Where): WantedSettings =>
      wantedSettings.parse({
        revision: newest.revision,
        jails: overridesFor(newest.document, { node: node.name, cluster: node.cluster }),
        ...(newest.document.filterLocalNetworks === undefined
          ? {}
          : { filterLocalNetworks: newest.document.filterLocalNetworks }),
      }),

    /**
     * Appends a revision, unless nothing would be different; answers what was before and what is now.
     * @throws AppError revision.stale
     */
    change: ({ layer, jail, change, ...wish }: TuningChange): Appended =>
      append(wish, (tuning) => changeTuning(tuning, layer, jail, change)),

    /** The same for what holds for all nodes and jails. @throws AppError revision.stale */
    changeFleet: (change: FleetChange, wish: Wish): Appended =>
      append(wish, (tuning) => changeFleet(tuning, change)),
  }
}

const NO_CHANGE = describeChange(EMPTY_TUNING, EMPTY_TUNING)

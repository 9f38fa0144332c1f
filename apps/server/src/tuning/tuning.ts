import { describeChange, EMPTY_TUNING, overridesFor, type Tuning } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { AppError, wantedSettings, type WantedSettings } from '@warder/protocol'
import type { Revision, TuningStore } from './store.ts'

/** By whom, and why. */
export interface Wish {
  readonly by: string
  readonly reason: string | null
  /** Seconds; null: it is not on trial. */
  readonly confirmWithin?: number | null
  /** The revision that the change is based on; undefined: whatever is newest. */
  readonly base: number | undefined
}

/** Where a node stands. */
interface Where {
  readonly name: string
  readonly cluster: string | null
}

/** The revisions before and after a change; the same where it changed nothing. */
export interface Appended {
  readonly before: Revision
  readonly after: Revision
}

export type TuningBook = ReturnType<typeof makeTuning>

/** The newest revision, and how a new one comes to be. */
export function makeTuning({ store, clock }: { store: TuningStore; clock: Clock }) {
  let newest: Revision = store.newest() ?? { revision: 0, document: EMPTY_TUNING, confirmWithin: null }

  const append = (
    { by, reason, base, confirmWithin = null }: Wish,
    edit: (tuning: Tuning) => Tuning,
  ): Appended => {
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
    store.add({ revision, at: clock.now(), by, reason, summary, confirmWithin }, document)
    newest = { revision, document, confirmWithin }
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
        ...(newest.confirmWithin === null ? {} : { confirmWithin: newest.confirmWithin }),
      }),

    /**
     * Appends a revision, unless nothing would be different; answers what was before and what is now.
     * @throws AppError revision.stale
     */
    append,
  }
}

const NO_CHANGE = describeChange(EMPTY_TUNING, EMPTY_TUNING)

import type { EpochMs, NodeEvent } from '@warder/core'
import type { Reported } from '../source/roster.ts'
import type { SourceReport } from '../source/source.ts'

/** A rotation without a new file, or a restart of journald, is not worth an event. */
const PATIENCE_MS = 10_000

interface Watched {
  wasRead: boolean
  since: EpochMs | null
  isTold: boolean
}

/** Turns what sources report from moment to moment into the facts `source.lost` and `source.regained`. */
export class SourceWatch {
  #watched = new Map<string, Watched>()

  /** Looks at all sources → what became a fact since. */
  look(reported: readonly Reported[], now: EpochMs): readonly NodeEvent[] {
    const before = this.#watched
    this.#watched = new Map(
      reported.map(({ id }) => [id, before.get(id) ?? { wasRead: false, since: null, isTold: false }]),
    )
    return reported.flatMap(({ id, report }): readonly NodeEvent[] => {
      const watched = this.#watched.get(id)
      return watched ? step(watched, id.slice(0, 1_000), report, now) : []
    })
  }
}

function step(watched: Watched, source: string, report: SourceReport, now: EpochMs): readonly NodeEvent[] {
  const reason = troubleOf(watched, report)
  if (report.state === 'reading') watched.wasRead = true
  if (reason === null) {
    const regained = watched.isTold
    watched.since = null
    watched.isTold = false
    return regained ? [{ kind: 'source.regained', source }] : []
  }
  watched.since ??= now
  if (watched.isTold || now - watched.since < PATIENCE_MS) return []
  watched.isTold = true
  return [{ kind: 'source.lost', source, reason: reason.slice(0, 1_000) }]
}

/** Waiting for a file that never was there is no loss; a source that reads and yet gives a reason was blind for a time. */
function troubleOf({ wasRead }: Watched, { state, reason }: SourceReport): string | null {
  if (state === 'reading') return reason ?? null
  return state === 'lost' || wasRead ? (reason ?? 'it cannot be read') : null
}

import type { Tuning } from '@warder/core'
import type { Clock } from '@warder/daemon'
import type { SettingsChanged } from '@warder/protocol/api'
import type { FastifyRequest } from 'fastify'
import type { Note } from '../audit/note.ts'
import { requesterOf } from '../auth/guard.ts'
import type { EventStore } from '../events/store.ts'
import { addressOf } from '../http/client-address.ts'
import { baseOf } from '../http/etag.ts'
import { revisionStateOf } from '../nodes/revision-state.ts'
import type { NodeRow, ReportStore } from '../nodes/store.ts'
import { makeTuningGuard } from './guard.ts'
import type { Revision } from './store.ts'
import type { TuningBook } from './tuning.ts'

export interface CommitParts {
  readonly clock: Clock
  readonly events: EventStore
  readonly reports: ReportStore
  readonly tuning: TuningBook
  readonly note: Note
  /** A revision was appended: tell the nodes and the dashboards. */
  onRevision(): void
}

/** A change that somebody asks for. */
export interface Commit {
  readonly edit: (tuning: Tuning) => Tuning
  /** Whom it concerns. */
  readonly nodes: readonly NodeRow[]
  readonly body: {
    readonly reason?: string | undefined
    readonly base?: number | undefined
    readonly confirm?: string | undefined
    readonly confirmWithin?: number | undefined
  }
  /** For the audit: what was changed, and what of a revision is worth writing down. */
  readonly target: string
  readonly said: (revision: Revision) => object
}

export type Committing = ReturnType<typeof makeCommit>

/** Makes the one way in which the settings are changed: checked, appended, audited, told. */
export function makeCommit(parts: CommitParts) {
  const { tuning, reports } = parts
  const refuseLockout = makeTuningGuard(parts)

  const stateOf = (node: NodeRow, revision: number): SettingsChanged['nodes'][number] => ({
    node: node.name,
    state: revisionStateOf(
      revision,
      reports.answer(node.id),
      reports.status(node.id)?.status.revision ?? null,
    ).state,
  })

  /** @throws AppError settings.self, revision.stale, precondition.failed */
  return (request: FastifyRequest, { edit, nodes, body, target, said }: Commit): SettingsChanged => {
    const { reason, confirm, confirmWithin } = body
    const newest = tuning.newest()
    const base = baseOf(request, body.base, newest.revision)
    const by = requesterOf(request)
    const asked = { before: newest.document, after: edit(newest.document), nodes }
    refuseLockout(asked, { by, address: addressOf(request), confirm })
    const wish = { by, reason: reason ?? null, base, confirmWithin: confirmWithin ?? null }
    const { before, after } = tuning.append(wish, edit)
    if (after !== before) {
      parts.note(request, {
        action: 'settings.change',
        target,
        before: said(before),
        after: {
          ...said(after),
          ...(reason === undefined ? {} : { reason }),
          ...(confirmWithin === undefined ? {} : { confirmWithin }),
        },
      })
      parts.onRevision()
    }
    return { revision: after.revision, nodes: nodes.map((node) => stateOf(node, after.revision)) }
  }
}

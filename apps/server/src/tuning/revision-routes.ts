import { describeChange, diffTunings, EMPTY_TUNING, type Tuning } from '@warder/core'
import { AppError } from '@warder/protocol'
import {
  diffBody,
  diffView,
  restoreBody,
  revisionDetail,
  revisionPage,
  revisionsQuery,
  settingsChanged,
  type DiffView,
  type RevisionDetail,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import * as z from 'zod'
import type { App } from '../http/app.ts'
import { fromCursor, toPage } from '../http/cursor.ts'
import { etagOf } from '../http/etag.ts'
import { ERROR_ANSWERS, pattern } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { ReportStore } from '../nodes/store.ts'
import type { AnswerStore } from './answer-store.ts'
import type { Committing } from './commit.ts'
import { configuredOf } from './guard.ts'
import { documentOf, effectsOf, layerEdit, tuningOf } from './propose.ts'
import type { Told, TuningStore } from './store.ts'
import type { TuningBook } from './tuning.ts'

export interface RevisionParts {
  readonly tuning: TuningBook
  readonly store: TuningStore
  readonly answers: AnswerStore
  readonly fleet: FleetNodes
  readonly reports: ReportStore
  readonly commit: Committing
}

const params = z.strictObject({ revision: z.coerce.number().int().min(0).max(1e12) })
const nothingSaid = { at: 0, by: '', reason: null, summary: 'nothing was tuned', confirmWithin: null }

/** GET /revisions, GET /revisions/{revision}, POST /revisions/{revision}/restore, POST /tuning/diff. */
export function revisionRoutes(app: App, parts: RevisionParts): void {
  const { tuning, store, answers, fleet, reports, commit } = parts

  /** A revision; 0 is what was before the first one. @throws AppError revision.unknown */
  const known = (revision: number): Told => {
    const told = store.byNumber(revision)
    if (told) return told
    if (revision === 0) return { revision, ...nothingSaid, document: EMPTY_TUNING }
    throw new AppError('revision.unknown', `There is no revision ${revision}.`)
  }

  /** What became of a revision; only the newest one is still waited for. */
  const answersTo = (revision: number): RevisionDetail['answers'] => {
    const said = answers.of(revision)
    const waiting =
      revision === tuning.newest().revision && revision > 0
        ? fleet.all().filter(({ name }) => !said.some(({ node }) => node === name))
        : []
    return [
      ...said,
      ...waiting.map(({ name: node }) => ({ node, state: 'pending' as const, reason: null, at: null })),
    ].toSorted((one, other) => one.node.localeCompare(other.node, 'en', { numeric: true }))
  }

  app.get(
    PATHS.revisions,
    {
      schema: {
        tags: ['tuning'],
        summary: 'List the revisions of the settings',
        description: 'Newest first: who changed what, when and why.',
        querystring: revisionsQuery,
        response: { 200: revisionPage, ...ERROR_ANSWERS },
      },
    },
    async ({ query: { cursor, limit } }) =>
      toPage(store.page(fromCursor(cursor), limit + 1), limit, ({ at, revision }) => ({ at, id: revision })),
  )

  app.get(
    pattern(PATHS.revision(':revision')),
    {
      schema: {
        tags: ['tuning'],
        summary: 'Read a revision of the settings',
        description:
          'The whole document as it was, what it changed, and what each node said to it: applied, or refused with the reason. 0 is what was before the first one.',
        params,
        response: { 200: revisionDetail, ...ERROR_ANSWERS },
      },
    },
    async ({ params: { revision } }): Promise<RevisionDetail> => {
      const told = known(revision)
      const before = revision === 0 ? EMPTY_TUNING : known(revision - 1).document
      return {
        ...told,
        document: documentOf(told.document),
        changes: [...diffTunings(before, told.document)],
        answers: answersTo(revision),
      }
    },
  )

  app.post(
    pattern(PATHS.restoreRevision(':revision')),
    {
      schema: {
        tags: ['tuning'],
        summary: 'Go back to a revision',
        description:
          'Appends a new revision with the document of an older one. History stays as it is. `If-Match` or `base` refuses it when the settings were changed since they were read.',
        params,
        body: restoreBody,
        response: { 200: settingsChanged, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const { revision, document } = known(request.params.revision)
      const reason = request.body.reason ?? `back to revision ${revision}`
      const changed = commit(request, {
        edit: () => document,
        nodes: fleet.all(),
        body: { ...request.body, reason },
        target: `back to revision ${revision}`,
        said: (each) => ({ revision: each.revision, document: each.document }),
      })
      void reply.header('etag', etagOf(changed.revision))
      return changed
    },
  )

  const proposed = (body: z.output<typeof diffBody>, newest: Tuning): Tuning => {
    if (body.kind === 'document') return tuningOf(body.document)
    if (body.kind === 'layer') return layerEdit(body.layer, body.jails)(newest)
    return known(body.revision).document
  }

  app.post(
    PATHS.tuningDiff,
    {
      schema: {
        tags: ['tuning'],
        summary: 'See what a change of the settings would change',
        description:
          'Compares a whole document, one layer or an older revision with what holds now. Nothing is changed. `nodes` says what would run otherwise on each node, with what its own files say taken in.',
        body: diffBody,
        response: { 200: diffView, ...ERROR_ANSWERS },
      },
    },
    async ({ body }): Promise<DiffView> => {
      const { revision, document } = tuning.newest()
      const after = proposed(body, document)
      return {
        base: revision,
        summary: describeChange(document, after),
        changes: [...diffTunings(document, after)],
        nodes: effectsOf(document, after, configuredOf(reports, fleet.all())),
      }
    },
  )
}

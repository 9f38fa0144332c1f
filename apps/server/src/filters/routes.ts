import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import { filtersView, linesQuery, linesView } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import { requesterOf } from '../auth/guard.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS, pattern } from '../http/route.ts'
import { Throttle } from '../http/throttle.ts'
import { expect } from '../link/expect.ts'
import type { Questions } from '../link/questions.ts'
import type { FleetNodes } from '../nodes/fleet.ts'

export interface FilterParts {
  readonly clock: Clock
  readonly fleet: FleetNodes
  readonly questions: Questions
  readonly note: Note
}

const nodeName = z.string().max(80)
/** So many questions may one requester ask in a minute: each costs a node some work. */
const ASKS = 60
const MINUTE_MS = 60_000

/** GET /nodes/{node}/filters and /nodes/{node}/sources/{source}/lines. Both ask the node itself. */
export function filterRoutes(app: App, { clock, fleet, questions, note }: FilterParts): void {
  const throttle = new Throttle(ASKS, MINUTE_MS)
  const mayAsk = (requester: string): void => {
    if (!throttle.take(requester, clock.now())) throw new AppError('rate.limited')
  }

  app.get(
    pattern(PATHS.nodeFilters(':node')),
    {
      schema: {
        tags: ['filters'],
        summary: 'The filters of a node',
        description:
          'As the node runs them, with everything that its files refer to put in; those of jails that are off included. The node is asked and has five seconds to answer.',
        params: z.strictObject({ node: nodeName }),
        response: { 200: filtersView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const node = fleet.known(request.params.node)
      mayAsk(requesterOf(request))
      return expect('filters', await questions.ask(node, { kind: 'filters' }))
    },
  )

  app.get(
    pattern(PATHS.sourceLines(':node', ':source')),
    {
      schema: {
        tags: ['filters'],
        summary: 'The last lines of a source',
        description:
          'Of a file that a jail of the node reads, or of its journal (`journal`). The node is asked and has five seconds to answer. It is noted in the audit, since logs may hold personal data.',
        params: z.strictObject({ node: nodeName, source: z.string().min(1).max(4_096) }),
        querystring: linesQuery,
        response: { 200: linesView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { source } = request.params
      const { limit, jail } = request.query
      const node = fleet.known(request.params.node)
      mayAsk(requesterOf(request))
      const asked = { kind: 'lines', source, limit, ...(jail === undefined ? {} : { jail }) } as const
      const answer = expect('lines', await questions.ask(node, asked))
      note(request, {
        action: 'lines.read',
        target: `${source} on ${node.name}`,
        after: { lines: answer.lines.length, ...(jail === undefined ? {} : { jail }) },
      })
      return answer
    },
  )
}

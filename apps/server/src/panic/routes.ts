import type { Clock } from '@warder/daemon'
import { panicBody, panicView, resumeQuery } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { Note } from '../audit/note.ts'
import { requesterOf } from '../auth/guard.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS } from '../http/route.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { Panic } from './panic.ts'

export interface PanicRouteParts {
  readonly clock: Clock
  readonly panic: Panic
  readonly fleet: FleetNodes
  readonly note: Note
}

const ANSWERS = { 200: panicView, ...ERROR_ANSWERS }

/** POST and DELETE /panic. */
export function panicRoutes(app: App, { clock, panic, fleet, note }: PanicRouteParts): void {
  app.post(
    PATHS.panic,
    {
      schema: {
        tags: ['nodes'],
        summary: 'Let nodes block nobody for a while',
        description:
          'Takes all bans out of the firewalls; detection goes on and bans are noted. Everything resumes by itself when the time is over. A node that is offline hears of it when it is back in time.',
        body: panicBody,
        response: ANSWERS,
      },
    },
    async (request) => {
      const { nodes: names, seconds, reason } = request.body
      const nodes = names === undefined ? fleet.all() : [...new Set(names)].map((name) => fleet.known(name))
      const until = clock.now() + seconds * 1_000
      const told = panic.want(nodes, { until, by: requesterOf(request), reason })
      const target = names === undefined ? 'all nodes' : nodes.map(({ name }) => name).join(' ')
      note(request, { action: 'firewall.suspend', target, after: { seconds, ...(reason ? { reason } : {}) } })
      return told
    },
  )

  app.delete(
    PATHS.panic,
    {
      schema: {
        tags: ['nodes'],
        summary: 'Let nodes block again',
        description: 'Enforces again at once all bans that have not ended, whoever asked for the suspension.',
        querystring: resumeQuery,
        response: ANSWERS,
      },
    },
    async (request) => {
      const { node } = request.query
      const nodes = node === undefined ? fleet.all() : [fleet.known(node)]
      const told = panic.want(nodes, { until: null, by: requesterOf(request) })
      note(request, { action: 'firewall.resume', target: node ?? 'all nodes' })
      return told
    },
  )
}

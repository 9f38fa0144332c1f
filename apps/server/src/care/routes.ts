import type { Clock } from '@warder/daemon'
import { AppError, FINDING_ID, type Answer, type Question } from '@warder/protocol'
import {
  doctorRequest,
  doctorView,
  hardeningChange,
  hardeningList,
  logQuery,
  logView,
} from '@warder/protocol/api'
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

export interface CareParts {
  readonly clock: Clock
  readonly fleet: FleetNodes
  readonly questions: Questions
  readonly note: Note
}

const nodeName = z.string().max(80)
/** So many may one requester ask of a node in a minute: each starts something there. All nodes may be asked at once. */
const ASKS = 30
const MINUTE_MS = 60_000

/** /nodes/{node}/hardening, /nodes/{node}/hardening/{finding}, /nodes/{node}/doctor and /nodes/{node}/log. All ask the node itself. */
export function careRoutes(app: App, { clock, fleet, questions, note }: CareParts): void {
  const throttle = new Throttle(ASKS, MINUTE_MS)
  const asked = async <K extends Answer['kind']>(
    kind: K,
    {
      requester,
      node,
      question,
    }: { readonly requester: string; readonly node: string; readonly question: Question },
  ): Promise<Extract<Answer, { kind: K }>> => {
    const known = fleet.known(node)
    if (!throttle.take(`${requester} ${node}`, clock.now())) throw new AppError('rate.limited')
    return expect(kind, await questions.ask(known, question))
  }

  app.get(
    pattern(PATHS.nodeHardening(':node')),
    {
      schema: {
        tags: ['nodes'],
        summary: 'What hinders protection on a node',
        description: 'The node looks at its own settings and has five seconds to answer. Nothing is changed.',
        params: z.strictObject({ node: nodeName }),
        response: { 200: hardeningList, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { node } = request.params
      const question = { kind: 'hardening' } as const
      const { findings } = await asked('hardening', { requester: requesterOf(request), node, question })
      return { findings }
    },
  )

  app.get(
    pattern(PATHS.nodeLog(':node')),
    {
      schema: {
        tags: ['nodes'],
        summary: 'What the agent of a node logged',
        description:
          'The last lines of its own log, at most 200 since it started; never text from the logs that it reads. The node has five seconds to answer. It is noted in the audit.',
        params: z.strictObject({ node: nodeName }),
        querystring: logQuery,
        response: { 200: logView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { node } = request.params
      const question = { kind: 'log', limit: request.query.limit } as const
      const { lines } = await asked('log', { requester: requesterOf(request), node, question })
      note(request, { action: 'log.read', target: node, after: { lines: lines.length } })
      return { lines }
    },
  )

  app.post(
    pattern(PATHS.nodeHardeningFinding(':node', ':finding')),
    {
      schema: {
        tags: ['nodes'],
        summary: 'Put one of these right, or take that back',
        description:
          'The node changes the setting, tests it and brings it into force; what does not work out is put back at once. It keeps what was there before. Answers how all stands then. A change is noted in the audit whether it succeeds or not.',
        params: z.strictObject({ node: nodeName, finding: z.string().regex(FINDING_ID) }),
        body: hardeningChange,
        response: { 200: hardeningList, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { node, finding: id } = request.params
      const { action } = request.body
      const told = (result: string): void =>
        note(request, { action: `hardening.${action}`, target: `${id} on ${node}`, after: { result } })
      try {
        const question = { kind: 'harden', id, action } as const
        const { findings } = await asked('hardening', { requester: requesterOf(request), node, question })
        told(findings.find((finding) => finding.id === id)?.state ?? 'unknown')
        return { findings }
      } catch (err) {
        if (err instanceof AppError && err.code === 'node.failed') told(err.message)
        throw err
      }
    },
  )

  app.post(
    pattern(PATHS.nodeDoctor(':node')),
    {
      schema: {
        tags: ['nodes'],
        summary: 'Prove that the jails of a node are alive',
        description:
          'The node writes a marked line with an address of the documentation ranges into a source of each jail and follows it to the history. Nobody is banned and nothing is counted. It has half a minute.',
        params: z.strictObject({ node: nodeName }),
        body: doctorRequest,
        response: { 200: doctorView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const { node } = request.params
      const { jail } = request.body
      const question = { kind: 'doctor', ...(jail === undefined ? {} : { jail }) } as const
      const { report } = await asked('doctor', { requester: requesterOf(request), node, question })
      note(request, {
        action: 'doctor.run',
        target: node,
        after: { jails: report.jails.map(({ jail: name, verdict }) => `${name} ${verdict}`) },
      })
      return report
    },
  )
}

import {
  DEPLOY_STEPS,
  type DeployBody,
  type DeployProblem,
  type DeployStep,
  type DeployView,
} from '@warder/protocol/api'
import { randomUUID } from 'node:crypto'

const OUTPUT_KEPT = 8 * 1_024

interface Step {
  readonly step: DeployStep
  state: 'waiting' | 'running' | 'done' | 'failed'
  since: number
  ms: number | null
  output: string
}

/** One deployment, and how far it is. Holds nothing of what signs in. */
export interface Job {
  readonly id: string
  readonly kind: DeployBody['kind']
  readonly host: string
  readonly user: string
  readonly startedAt: number
  readonly steps: readonly Step[]
  readonly abort: AbortController
  /** Resolves at its end, however that is. */
  readonly ended: Promise<void>
  state: DeployView['state']
  endedAt: number | null
  node: string | null
  problem: DeployProblem | null
  rollback: string | null
  begin(step: DeployStep, now: number): void
  note(text: string): void
  end(state: 'done' | 'failed' | 'cancelled', now: number, problem: DeployProblem | null): void
}

/** A host with its port where that is another one than the usual. */
export function shownHost({ host, port }: Pick<DeployBody, 'host' | 'port'>): string {
  if (port === 22) return host
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Makes one that waits. */
export function makeJob({ kind, host, port, user, node }: DeployBody, now: number): Job {
  const ended = Promise.withResolvers<void>()
  const current = (): Step | undefined => job.steps.find(({ state }) => state === 'running')
  const close = (state: 'done' | 'failed', at: number): void => {
    const step = current()
    if (step === undefined) return
    step.state = state
    step.ms = at - step.since
  }
  const job: Job = {
    id: randomUUID(),
    kind,
    host: shownHost({ host, port }),
    user,
    startedAt: now,
    steps: DEPLOY_STEPS[kind].map((step) => ({ step, state: 'waiting', since: 0, ms: null, output: '' })),
    abort: new AbortController(),
    ended: ended.promise,
    state: 'waiting',
    endedAt: null,
    node: node ?? null,
    problem: null,
    rollback: null,
    begin(step, at) {
      close('done', at)
      const next = job.steps.find((each) => each.step === step)
      if (next !== undefined) Object.assign(next, { state: 'running', since: at })
    },
    note(text) {
      const step = current()
      if (step !== undefined) step.output = (step.output + text).slice(-OUTPUT_KEPT)
    },
    end(state, at, problem) {
      close(state === 'done' ? 'done' : 'failed', at)
      Object.assign(job, { state, endedAt: at, problem })
      ended.resolve()
    },
  }
  return job
}

/** As the API shows it. */
export const viewOf = (job: Job): DeployView => ({
  id: job.id,
  kind: job.kind,
  host: job.host,
  user: job.user,
  state: job.state,
  isCancelling: job.abort.signal.aborted && job.endedAt === null,
  startedAt: job.startedAt,
  endedAt: job.endedAt,
  node: job.node,
  problem: job.problem,
  rollback: job.rollback,
  steps: job.steps.map(({ step, state, ms, output }) => ({ step, state, ms, output })),
})

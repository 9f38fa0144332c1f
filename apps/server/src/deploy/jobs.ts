import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import { DEPLOY_STEPS, type DeployBody, type DeployStep, type DeployView } from '@warder/protocol/api'
import { randomUUID } from 'node:crypto'
import { deploy, type RunParts } from './run.ts'
import type { ShippedPackage } from './shipped.ts'

const AT_ONCE = 20
const KEPT = 100
const KEPT_MS = 3_600_000
const OUTPUT_KEPT = 8 * 1_024

export interface JobsParts {
  readonly clock: Clock
  readonly shipped: () => ShippedPackage | null
  readonly createJoin: () => string
  readonly seen: RunParts['seen']
  readonly forget: (node: string, by: string) => void
  /** Told when one has ended. */
  readonly onEnded: (view: DeployView, by: string) => void
}

interface Step {
  readonly step: DeployStep
  state: 'waiting' | 'running' | 'done' | 'failed'
  since: number | null
  ms: number | null
  output: string
}

interface Job {
  readonly id: string
  readonly host: string
  readonly startedAt: number
  readonly steps: readonly Step[]
  readonly abort: AbortController
  state: DeployView['state']
  endedAt: number | null
  node: string | null
  problem: string | null
  rollback: string | null
}

/** Deployments under way and those that ended lately, in memory alone: what signs in is in no view and on no disk. */
export class Jobs {
  readonly #parts: JobsParts
  readonly #jobs = new Map<string, Job>()

  constructor(parts: JobsParts) {
    this.#parts = parts
  }

  /** Begins one and answers at once. @throws AppError deploy.no-package, deploy.busy */
  start(wanted: DeployBody, server: string, by: string): DeployView {
    this.#forgetOld()
    const shipped = this.#parts.shipped()
    if (shipped === null) throw new AppError('deploy.no-package')
    const running = [...this.#jobs.values()].filter(({ state }) => state === 'running')
    const host = `${wanted.host}:${wanted.port}`
    if (running.length >= AT_ONCE || running.some((job) => job.host === host))
      throw new AppError('deploy.busy')
    const job: Job = {
      id: randomUUID(),
      host,
      startedAt: this.#parts.clock.now(),
      steps: DEPLOY_STEPS.map((step) => ({ step, state: 'waiting', since: null, ms: null, output: '' })),
      abort: new AbortController(),
      state: 'running',
      endedAt: null,
      node: null,
      problem: null,
      rollback: null,
    }
    this.#jobs.set(job.id, job)
    void this.#carryOut(job, { wanted, server, shipped, by })
    return viewOf(job)
  }

  /** All that are known, newest first. */
  all(): readonly DeployView[] {
    this.#forgetOld()
    return [...this.#jobs.values()].toReversed().map(viewOf)
  }

  /** @throws AppError deploy.unknown */
  get(id: string): DeployView {
    return viewOf(this.#known(id))
  }

  /** Ends one after the step that is under way, and takes back what was done. @throws AppError deploy.unknown */
  cancel(id: string): DeployView {
    const job = this.#known(id)
    job.abort.abort()
    return viewOf(job)
  }

  /** Ends all that are under way, for the end of the server. */
  stop(): void {
    for (const job of this.#jobs.values()) job.abort.abort()
  }

  #known(id: string): Job {
    const job = this.#jobs.get(id)
    if (job === undefined) throw new AppError('deploy.unknown')
    return job
  }

  async #carryOut(
    job: Job,
    {
      wanted,
      server,
      shipped,
      by,
    }: { wanted: DeployBody; server: string; shipped: ShippedPackage; by: string },
  ): Promise<void> {
    const { createJoin, seen, forget, onEnded, clock } = this.#parts
    try {
      await deploy({
        wanted,
        server,
        shipped,
        createJoin,
        seen,
        forget: (node) => forget(node, by),
        signal: job.abort.signal,
        onStep: (step) => this.#begin(job, step),
        onOutput: (text) => note(job, text),
        onNode: (node) => (job.node = node),
        onRollback: (what) => (job.rollback = what),
      })
      this.#close(job, 'done')
      job.state = 'done'
    } catch (err) {
      this.#close(job, 'failed')
      job.problem = err instanceof Error ? err.message : String(err)
      job.state = job.abort.signal.aborted ? 'cancelled' : 'failed'
    }
    job.endedAt = clock.now()
    onEnded(viewOf(job), by)
  }

  #begin(job: Job, step: DeployStep): void {
    this.#close(job, 'done')
    const next = job.steps.find((each) => each.step === step)
    if (next === undefined) return
    next.state = 'running'
    next.since = this.#parts.clock.now()
  }

  #close(job: Job, state: 'done' | 'failed'): void {
    const current = job.steps.find((each) => each.state === 'running')
    if (current === undefined) return
    current.state = state
    current.ms = this.#parts.clock.now() - (current.since ?? 0)
  }

  #forgetOld(): void {
    const now = this.#parts.clock.now()
    for (const [id, { endedAt }] of this.#jobs)
      if (endedAt !== null && (now - endedAt > KEPT_MS || this.#jobs.size > KEPT)) this.#jobs.delete(id)
  }
}

function note(job: Job, text: string): void {
  const current = job.steps.find((each) => each.state === 'running')
  if (current !== undefined) current.output = (current.output + text).slice(-OUTPUT_KEPT)
}

const viewOf = (job: Job): DeployView => ({
  id: job.id,
  host: job.host,
  state: job.state,
  startedAt: job.startedAt,
  endedAt: job.endedAt,
  node: job.node,
  problem: job.problem,
  rollback: job.rollback,
  steps: job.steps.map(({ step, state, ms, output }) => ({ step, state, ms, output })),
})

import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import type { DeployBody, DeployView } from '@warder/protocol/api'
import type { RunParts } from './hands.ts'
import { makeJob, shownHost, viewOf, type Job } from './job.ts'
import { DeployError, problemOf } from './problems.ts'
import { deploy } from './run.ts'
import type { ShippedPackage } from './shipped.ts'
import type { SignIn } from './ssh.ts'

/** How many are carried out at once; others wait for a free place. */
const AT_ONCE = 8
const UNFINISHED = 64
const KEPT = 100
const KEPT_MS = 3_600_000
/** A program that holds the lock of apt is waited for a minute. */
const LOCK_TRIES = 12

export interface JobsParts {
  readonly clock: Clock
  readonly shipped: () => ShippedPackage | null
  /** The socket of the ssh-agent, or null. */
  readonly sshAgent: () => string | null
  readonly lockTries?: number
  readonly createJoin: () => string
  readonly seen: RunParts['seen']
  readonly forget: (node: string, by: string) => void
  /** Told when one has ended. */
  readonly onEnded: (view: DeployView, by: string) => void
}

/** One that was asked for, by whom, and where the agent finds the server. */
interface Order {
  readonly wanted: DeployBody
  readonly server: string
  readonly shipped: ShippedPackage
  readonly by: string
}

/** Deployments under way and those that ended lately, in memory alone: what signs in is in no view and on no disk. */
export class Jobs {
  readonly #parts: JobsParts
  readonly #jobs = new Map<string, Job>()
  readonly #queue: (() => void)[] = []
  #running = 0

  constructor(parts: JobsParts) {
    this.#parts = parts
  }

  /** Begins one and answers at once. @throws AppError deploy.no-package, deploy.busy, deploy.unknown */
  start(wanted: DeployBody, server: string, by: string): DeployView {
    this.#forgetOld()
    const shipped = this.#shippedFor(wanted)
    const unfinished = [...this.#jobs.values()].filter(({ endedAt }) => endedAt === null)
    const host = shownHost(wanted)
    if (unfinished.length >= UNFINISHED || unfinished.some((job) => job.host === host))
      throw new AppError('deploy.busy')
    const after = wanted.after === undefined ? null : this.#known(wanted.after)
    const job = makeJob(wanted, this.#parts.clock.now())
    this.#jobs.set(job.id, job)
    void this.#inTurn(job, after, { wanted, server, shipped, by })
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

  /** Ends one as soon as that does no harm, and takes back what was done. @throws AppError deploy.unknown */
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

  /** Removal needs no package. */
  #shippedFor({ kind }: DeployBody): ShippedPackage {
    const shipped = this.#parts.shipped()
    if (shipped !== null) return shipped
    if (kind !== 'remove') throw new AppError('deploy.no-package')
    return { file: '', version: '', architecture: '', bytes: 0, sha256: '' }
  }

  /** Waits for the one before it and for a free place, and carries it out. */
  async #inTurn(job: Job, after: Job | null, order: Order): Promise<void> {
    try {
      await untilEnded(after, job)
      if (after !== null && after.state !== 'done') throw new DeployError('earlier-failed')
      await this.#place(job)
      try {
        await this.#carryOut(job, order)
      } finally {
        this.#running--
        this.#queue.shift()?.()
      }
      job.end('done', this.#parts.clock.now(), null)
    } catch (err) {
      const isSkipped = err instanceof DeployError && err.code === 'earlier-failed'
      const state = job.abort.signal.aborted || isSkipped ? 'cancelled' : 'failed'
      const problem =
        job.abort.signal.aborted && !isSkipped ? new DeployError('cancelled').problem : problemOf(err)
      job.end(state, this.#parts.clock.now(), problem)
    }
    this.#parts.onEnded(viewOf(job), order.by)
  }

  async #place(job: Job): Promise<void> {
    if (this.#running >= AT_ONCE) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#queue.push(resolve)
      await promise
    }
    this.#running++
    if (!job.abort.signal.aborted) return
    this.#running--
    this.#queue.shift()?.()
    throw new DeployError('cancelled')
  }

  async #carryOut(job: Job, { wanted, server, shipped, by }: Order): Promise<void> {
    const { createJoin, seen, forget, clock, sshAgent, lockTries = LOCK_TRIES } = this.#parts
    const signIn: SignIn =
      wanted.signIn.kind === 'agent' ? { kind: 'agent', socket: sshAgent() } : wanted.signIn
    job.state = 'running'
    await deploy({
      clock,
      wanted,
      signIn,
      server,
      shipped,
      lockTries,
      createJoin,
      seen,
      forget: (node) => forget(node, by),
      signal: job.abort.signal,
      onStep: (step) => job.begin(step, clock.now()),
      onOutput: (text) => job.note(text),
      onNode: (node) => (job.node = node),
      onRollback: (what) => (job.rollback = what),
    })
  }

  #forgetOld(): void {
    const now = this.#parts.clock.now()
    for (const [id, { endedAt }] of this.#jobs)
      if (endedAt !== null && (now - endedAt > KEPT_MS || this.#jobs.size > KEPT)) this.#jobs.delete(id)
  }
}

/** @throws DeployError cancelled */
function untilEnded(after: Job | null, job: Job): Promise<void> {
  const cancelled = Promise.withResolvers<never>()
  cancelled.promise.catch(() => {})
  const { signal } = job.abort
  const cancel = (): void => cancelled.reject(new DeployError('cancelled'))
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  return Promise.race([cancelled.promise, after?.ended ?? Promise.resolve()])
}

import type { DeployAsk, DeployKind, DeployOffer, DeployView, HostKeyView } from '@warder/protocol/api'
import type { Api } from '../../../api/client.ts'
import { problemFrom, type Problem } from '../../../api/problem.ts'
import type { Target } from './hosts.ts'
import { isUnfinished } from './words.ts'

/** A host whose key was asked for. */
export interface Asked {
  readonly target: Target
  readonly key: HostKeyView | null
  readonly problem: Problem | null
  readonly isConfirmed: boolean
}

/** How somebody signs in to all hosts; forgotten as soon as the server has it. */
export interface SignIn {
  user: string
  kind: 'password' | 'key' | 'agent'
  password: string
  key: string
  passphrase: string
  sudoPassword: string
}

const NOBODY: SignIn = {
  user: 'root',
  kind: 'password',
  password: '',
  key: '',
  passphrase: '',
  sudoPassword: '',
}

/** Work on hosts over SSH, from the form to the end: what is asked for, the keys that are confirmed, how far it is. */
export class SshWork {
  readonly #api: Api
  stage = $state<'form' | 'keys' | 'progress'>('form')
  offer = $state.raw<DeployOffer | null>(null)
  jobs = $state.raw<readonly DeployView[]>([])
  asked = $state.raw<readonly Asked[]>([])
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)
  signIn = $state<SignIn>({ ...NOBODY })
  /** Where agents find this server; empty: as the browser found it. */
  server = $state('')
  /** What is typed as hosts, and what was tried and is to be tried again. */
  text = $state('')
  port = $state('22')
  /** For several upgrades: the first one alone, then the rest. */
  isStaged = $state(true)
  readonly confirmed = $derived(this.asked.filter((each) => each.key !== null && each.isConfirmed))

  constructor(api: Api) {
    this.#api = api
  }

  /** Begins anew; what is under way is shown first. */
  async open(kind: DeployKind): Promise<void> {
    this.stage = 'form'
    this.asked = []
    this.jobs = []
    this.forget()
    await this.#doing(async () => {
      const [offer, jobs] = await Promise.all([this.#api.deployOffer(), this.#api.deploys()])
      this.offer = offer
      this.jobs = jobs.filter((job) => isUnfinished(job) && job.kind === kind)
      if (this.jobs.length > 0) this.stage = 'progress'
    })
  }

  /** Forgets what signs in. */
  forget(): void {
    const { user, kind } = this.signIn
    this.signIn = { ...NOBODY, user, kind }
  }

  /** Asks all hosts for their keys. */
  async askKeys(targets: readonly Target[]): Promise<void> {
    await this.#doing(async () => {
      this.asked = await Promise.all(targets.map((target) => this.#keyOf(target)))
      this.stage = 'keys'
    })
  }

  async #keyOf(target: Target): Promise<Asked> {
    try {
      const key = await this.#api.hostKey(target.host, target.port)
      return { target, key, problem: null, isConfirmed: key.known === 'same' }
    } catch (error) {
      return { target, key: null, problem: problemFrom(error), isConfirmed: false }
    }
  }

  confirm(asked: Asked, isConfirmed: boolean): void {
    this.asked = this.asked.map((each) => (each === asked ? { ...each, isConfirmed } : each))
  }

  /** Begins on all hosts whose key is confirmed, and forgets what signs in. */
  async begin(kind: DeployKind): Promise<void> {
    await this.#doing(async () => {
      let first: string | undefined
      const begun: DeployView[] = []
      try {
        for (const { target, key } of this.confirmed) {
          const after = kind === 'upgrade' && this.isStaged ? first : undefined
          const job = await this.#api.deploy(this.#body(kind, target, key?.fingerprint ?? '', after))
          first ??= job.id
          begun.push(job)
        }
      } finally {
        // What has begun goes on, also where another one was refused.
        if (begun.length > 0) {
          this.jobs = begun
          this.stage = 'progress'
          this.forget()
        }
      }
    })
  }

  #body(kind: DeployKind, target: Target, hostKey: string, after: string | undefined): DeployAsk {
    const { user, sudoPassword } = this.signIn
    const { host, port, node } = target
    return {
      kind,
      host,
      port,
      hostKey,
      user: user.trim(),
      signIn: this.#signIn(),
      ...(node === null ? {} : { node }),
      ...(after === undefined ? {} : { after }),
      ...(user.trim() === 'root' || sudoPassword === '' ? {} : { sudoPassword }),
      ...(this.server.trim() === '' ? {} : { server: this.server.trim() }),
    }
  }

  #signIn(): DeployAsk['signIn'] {
    const { kind, password, key, passphrase } = this.signIn
    if (kind === 'agent') return { kind }
    if (kind === 'password') return { kind, password }
    return { kind, key, ...(passphrase === '' ? {} : { passphrase }) }
  }

  /** Reads how far they are. */
  async look(): Promise<void> {
    try {
      const all = await this.#api.deploys()
      this.jobs = this.jobs.map((job) => all.find(({ id }) => id === job.id) ?? job)
    } catch {
      // The next look may succeed; that the server is away is said elsewhere.
    }
  }

  async cancel(job: DeployView): Promise<void> {
    await this.#doing(async () => {
      const view = await this.#api.cancelDeploy(job.id)
      this.jobs = this.jobs.map((each) => (each.id === view.id ? view : each))
    })
  }

  /** Back to the form with the hosts that failed. */
  again(): void {
    const failed = this.jobs.filter(({ state }) => state === 'failed' || state === 'cancelled')
    this.text = failed.map(({ host }) => host).join('\n')
    this.stage = 'form'
  }

  async #doing(task: () => Promise<void>): Promise<void> {
    this.busy = true
    this.problem = null
    try {
      await task()
    } catch (error) {
      this.problem = problemFrom(error)
    } finally {
      this.busy = false
    }
  }
}

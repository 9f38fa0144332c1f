import type { Clock } from '@warder/daemon'
import type { DeployBody } from '@warder/protocol/api'
import { quoted } from './lines.ts'
import { DeployError } from './problems.ts'
import { connect, type Ran, type Shell, type SignIn, type Upload } from './ssh.ts'

/** How often and how far apart a host is tried again after the connection was cut (ms). */
const AGAIN = { times: 5, ms: 3_000 } as const

/** How an operator signs in to a host, and what is needed to be root there. */
export type Way = Pick<DeployBody, 'host' | 'port' | 'user' | 'hostKey' | 'sudoPassword'> & {
  readonly signIn: SignIn
}

/** A host that was signed in to; it is connected to again when the connection was cut. */
export class Host {
  readonly #way: Way
  readonly #clock: Clock
  #shell: Shell

  private constructor(way: Way, clock: Clock, shell: Shell) {
    this.#way = way
    this.#clock = clock
    this.#shell = shell
  }

  /** @throws DeployError */
  static async open(way: Way, clock: Clock): Promise<Host> {
    return new Host(way, clock, await connect(way, way.signIn))
  }

  /** Runs a line of shell as the user who signed in. */
  run(line: string): Promise<Ran> {
    return this.#shell.run(`sh -c ${quoted(line)}`)
  }

  /** Runs a line with root's rights. The password goes by standard input, so that no list of processes shows it. */
  root(line: string, onOutput?: (text: string) => void): Promise<Ran> {
    const options = onOutput === undefined ? {} : { onOutput }
    const { user, signIn, sudoPassword } = this.#way
    if (user === 'root') return this.#shell.run(`sh -c ${quoted(line)}`, options)
    const password = sudoPassword ?? (signIn.kind === 'password' ? signIn.password : '')
    return this.#shell.run(`env LC_ALL=C sudo -S -p '' sh -c ${quoted(line)}`, {
      ...options,
      input: `${password}\n`,
    })
  }

  upload(upload: Upload): Promise<void> {
    return this.#shell.upload(upload)
  }

  /** Connects anew, a few times. @throws DeployError */
  async again(): Promise<void> {
    this.#shell.end()
    for (let time = 1; ; time++) {
      const { promise, resolve } = Promise.withResolvers<void>()
      using _ = this.#clock.after(AGAIN.ms, resolve)
      await promise
      try {
        this.#shell = await connect(this.#way, this.#way.signIn)
        return
      } catch (err) {
        if (time >= AGAIN.times || !(err instanceof DeployError) || err.code !== 'unreachable') throw err
      }
    }
  }

  end(): void {
    this.#shell.end()
  }
}

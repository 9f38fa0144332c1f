import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Companion, must, run, until, type Outcome } from '../lab/command.ts'
import { Network } from '../lab/namespace.ts'
import { startNode, type LabNode } from '../lab/node.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const SETUP = fileURLToPath(new URL('machine.sh', import.meta.url))
/** Where commands are typed. */
const HERE = '/run/machine/work'

/**
 * A machine on which both packages could have been installed: `warder` and `warder-server` are on its path, and all that they know
 * lies where it does by default. It has a journald, an sshd and a firewall of its own, and no systemd.
 */
export class DocsMachine implements AsyncDisposable {
  /** A folder outside, which it sees too. */
  readonly folder: string
  readonly #stack: AsyncDisposableStack
  readonly #node: LabNode
  readonly #env: Readonly<Record<string, string>>
  #server: Companion | null = null
  #agent: Companion | null = null

  private constructor(stack: AsyncDisposableStack, node: LabNode, folder: string) {
    this.folder = folder
    this.#stack = stack
    this.#node = node
    this.#env = {
      PATH: `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      HOME: folder,
      TZ: 'UTC',
      // A hundred commands: none compiles again what another one did.
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
    }
  }

  static async open(): Promise<DocsMachine> {
    await using stack = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'warder-docs-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const network = stack.use(await Network.open())
    const node = await startNode(await network.addMachine('docs', [11]), join(folder, 'node'))
    stack.use(node)
    await must(node.on(['sh', SETUP, ROOT, process.execPath]))
    return new DocsMachine(stack.move(), node, folder)
  }

  /** A command as somebody types it; `answers` are typed at its questions, at a terminal. */
  type(
    command: string,
    more: { env?: Readonly<Record<string, string>>; answers?: string } = {},
  ): Promise<Outcome> {
    const { env = {}, answers } = more
    const words = answers === undefined ? ['sh', '-c', command] : ['script', '-qec', command, '/dev/null']
    const around = Object.entries({ ...this.#env, ...env }).map(([name, value]) => `${name}=${value}`)
    const whole = this.#node.on(['env', '-i', '-C', HERE, ...around, ...words])
    return run(whole, answers === undefined ? {} : { input: answers })
  }

  /** The same, which has to succeed; all that it said. */
  async says(command: string): Promise<string> {
    const { code, stdout, stderr } = await this.type(command)
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}${stdout}`)
    return stdout + stderr
  }

  /** Writes a file there. */
  async write(file: string, text: string): Promise<void> {
    const done = await run(
      this.#node.on(['sh', '-c', `mkdir -p "$(dirname "${file}")" && cat > "${file}"`]),
      { input: text },
    )
    if (done.code !== 0) throw new Error(`${file}: ${done.stderr}`)
  }

  async startServer(): Promise<void> {
    this.#server = this.#begin('warder-server run')
    await until(
      'the server',
      async () => (await this.type('curl -sf http://localhost:8008/readyz')).code === 0,
    )
  }

  async startAgent(): Promise<void> {
    this.#agent = this.#begin('warder run')
    await until('the agent', async () => (await this.type('warder status')).code === 0)
  }

  async stopServer(): Promise<void> {
    await this.#server?.end()
  }

  async stopAgent(): Promise<void> {
    await this.#agent?.end()
  }

  #begin(command: string): Companion {
    const around = Object.entries(this.#env).map(([name, value]) => `${name}=${value}`)
    const began = new Companion(
      this.#node.on(['env', '-i', '-C', HERE, ...around, 'sh', '-c', `exec ${command}`]),
    )
    this.#stack.use(began)
    return began
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}

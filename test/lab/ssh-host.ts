import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ShippedPackage } from '../../apps/server/src/deploy/shipped.ts'

const run = promisify(execFile)
const SCRIPT = fileURLToPath(new URL('./ssh-host.sh', import.meta.url))
const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url))
export const PASSWORD = 'a password of the lab'

/** Why no host with an sshd of its own can be made here, or null. */
export function sshHostTrouble(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux'
  const missing = [
    '/usr/sbin/sshd',
    '/usr/bin/sudo',
    '/usr/bin/ssh-agent',
    '/usr/bin/dpkg-deb',
    '/usr/bin/nsenter',
  ].filter((file) => !existsSync(file))
  return missing.length === 0 ? null : `needs ${missing.join(', ')}`
}

/** A host with a real sshd, sudo, apt and dpkg, which forgets everything at its end. */
export class SshHost implements AsyncDisposable {
  readonly port: number
  readonly hostKey: string
  readonly #folder: string
  readonly #process: ChildProcess
  readonly #inside: string

  private constructor(parts: {
    folder: string
    port: number
    process: ChildProcess
    inside: string
    hostKey: string
  }) {
    this.port = parts.port
    this.hostKey = parts.hostKey
    this.#folder = parts.folder
    this.#process = parts.process
    this.#inside = parts.inside
  }

  static async start(): Promise<SshHost> {
    const folder = await mkdtemp(join(tmpdir(), 'warder-host-'))
    const port = await freePort()
    const unshare = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child']
    const child = spawn('unshare', [...unshare, 'sh', SCRIPT, folder, String(port)], {
      env: { ...process.env, LAB_PASSWORD: PASSWORD, LAB_CHECKOUT: CHECKOUT.replace(/\/$/, '') },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    await new Promise<void>((resolve, reject) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('Server listening')) resolve()
      })
      child.once('exit', () => reject(new Error(`no host: ${said}`)))
    })
    const inside = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim()
    const key = await run('nsenter', ['-t', inside, '-m', '-r', 'ssh-keygen', '-lf', '/run/lab/hostkey.pub'])
    const hostKey = /SHA256:\S+/.exec(key.stdout)?.[0] ?? ''
    return new SshHost({ folder, port, process: child, inside, hostKey })
  }

  /** Runs a line of shell as root of the host → what it printed. @throws when it fails */
  async shell(line: string): Promise<string> {
    return (await run('nsenter', ['-t', this.#inside, '-m', '-p', '-r', '-w', 'sh', '-c', line])).stdout
  }

  /** Copies a file of this machine into it. */
  async put(from: string, to: string): Promise<void> {
    const child = spawn('nsenter', ['-t', this.#inside, '-m', '-r', 'sh', '-c', `cat >${to}`])
    child.stdin.end(readFileSync(from))
    await once(child, 'close')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL')
    if (this.#process.exitCode === null) await once(this.#process, 'exit')
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Stands between a client and a port: can cut what goes through it, or hold it back. */
export class Wire implements Disposable {
  readonly #server
  readonly #sockets = new Set<Socket>()
  #seen = 0
  #limit = Number.POSITIVE_INFINITY

  private constructor(to: number) {
    this.#server = createServer((near) => {
      const far = connect(to, '127.0.0.1')
      for (const socket of [near, far]) {
        this.#sockets.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => {
          near.destroy()
          far.destroy()
          this.#sockets.delete(socket)
        })
      }
      far.pipe(near)
      near.on('data', (chunk) => {
        this.#seen += chunk.length
        far.write(chunk)
        if (this.#seen > this.#limit) near.pause()
      })
    })
  }

  static async to(port: number): Promise<Wire> {
    const wire = new Wire(port)
    wire.#server.listen(0, '127.0.0.1')
    await once(wire.#server, 'listening')
    return wire
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Lets this many bytes through from the client, and holds the rest back. */
  holdAfter(bytes: number): void {
    this.#seen = 0
    this.#limit = bytes
  }

  isHolding(): boolean {
    return this.#seen > this.#limit
  }

  release(): void {
    this.#limit = Number.POSITIVE_INFINITY
    for (const socket of this.#sockets) socket.resume()
  }

  /** Cuts all connections; later ones go through. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  [Symbol.dispose](): void {
    this.cut()
    this.#server.close()
  }
}

const SCRIPTS: Readonly<Record<string, string>> = {
  // It waits where the test has put a gate.
  preinst:
    '#!/bin/sh\nif [ -p /run/lab/gate ]; then touch /run/lab/at-gate; cat /run/lab/gate >/dev/null; rm /run/lab/at-gate; fi\n',
  postrm: '#!/bin/sh\nif [ "$1" = purge ]; then rm -rf /etc/warder /var/lib/warder-agent; fi\n',
}
const WARDER = `#!/bin/sh
case $1 in
enrol) [ ! -e /run/lab/does-not-enrol ] || { echo 'the server cannot be reached' >&2; exit 1; }
	printf 'server = "ws://server"\\n' >>/etc/warder/agent.toml; echo '{"ok":true,"node":"lab1"}' ;;
status) grep -q '^server' /etc/warder/agent.toml 2>/dev/null && echo '{"ok":true,"status":{"node":"lab1"}}' ;;
esac
`

/** A small package that is called like ours and does nothing: what is tested is how it gets there and goes again. */
export async function smallPackage(
  folder: string,
  version: string,
  { bytes = 64_000, name = 'warder-agent' } = {},
): Promise<ShippedPackage> {
  const tree = join(folder, `tree-${name}-${version}`)
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'
  for (const each of ['DEBIAN', 'usr/bin', 'usr/lib/warder-agent', 'etc/warder'])
    await mkdir(join(tree, each), { recursive: true })
  await writeFile(
    join(tree, 'DEBIAN/control'),
    `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nMaintainer: lab <lab@example.org>\nDescription: lab\n`,
  )
  for (const [script, text] of Object.entries(SCRIPTS)) {
    await writeFile(join(tree, 'DEBIAN', script), text)
    await chmod(join(tree, 'DEBIAN', script), 0o755)
  }
  if (name === 'warder-agent') await fill(tree, version, bytes)
  const file = join(folder, `${name}_${version}_${architecture}.deb`)
  await run('dpkg-deb', ['--root-owner-group', '-Znone', '--build', tree, file])
  await rm(tree, { recursive: true })
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  return { file, version, architecture, bytes: statSync(file).size, sha256 }
}

async function fill(tree: string, version: string, bytes: number): Promise<void> {
  await writeFile(join(tree, 'DEBIAN/conffiles'), '/etc/warder/jail.local\n')
  await writeFile(join(tree, 'usr/bin/warder'), WARDER)
  await chmod(join(tree, 'usr/bin/warder'), 0o755)
  await writeFile(join(tree, 'usr/lib/warder-agent/version'), version)
  await writeFile(join(tree, 'usr/lib/warder-agent/room'), Buffer.alloc(bytes, version))
  await writeFile(join(tree, 'etc/warder/jail.local'), `# ${version}\n`)
}

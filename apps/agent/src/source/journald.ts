import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'

const JOURNALD = '/lib/systemd/systemd-journald'

/** A journald of its own in a private mount namespace: its own /run and /var/log, and none of the kernel's messages. */
const SETUP = `set -e
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/systemd/journal /run/log/journal
mount -t tmpfs -o mode=755 tmpfs /var/log
mount --bind /dev/null /dev/kmsg 2>/dev/null || true
${JOURNALD} >/dev/null 2>&1 & journald=$!
for i in $(seq 1 250); do [ -S /run/systemd/journal/socket ] && break; sleep 0.02; done
echo ready
read -r end || true
kill $journald
wait $journald || true`

/** Why tests with a real journald cannot run here, or null when they can. */
export function whyNoJournald(): string | null {
  if (process.getuid?.() !== 0) return 'needs root'
  if (!existsSync(JOURNALD)) return 'needs systemd-journald'
  for (const file of [
    '/usr/bin/unshare',
    '/usr/bin/nsenter',
    '/usr/bin/journalctl',
    '/usr/bin/systemd-cat',
  ]) {
    if (!existsSync(file)) return `needs ${file}`
  }
  return null
}

/** A real journald that ends with this object. Only for tests. */
export class Journald {
  readonly #process: ChildProcess
  readonly #enter: readonly [string, ...string[]]

  private constructor(process: ChildProcess) {
    this.#process = process
    this.#enter = ['nsenter', '-t', String(process.pid), '-m']
  }

  static async start(): Promise<Journald> {
    const args = ['--mount', '--propagation', 'private', '--fork', '--kill-child', 'bash', '-c', SETUP]
    const process = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(process.stdout, 'data')
    return new Journald(process)
  }

  /** How to run journalctl over this journal. */
  get journalctl(): readonly [string, ...string[]] {
    return [...this.#enter, 'journalctl']
  }

  /** Logs lines, in order, under an identifier. */
  log(identifier: string, lines: readonly string[]): void {
    this.run(['systemd-cat', '-t', identifier, 'cat'], `${lines.join('\n')}\n`)
  }

  /** Logs one entry with any fields. */
  entry(fields: Readonly<Record<string, string>>): void {
    const text = Object.entries(fields).map(([name, value]) => `${name}=${value}\n`)
    this.run(['logger', '--journald'], text.join(''))
  }

  run(command: readonly string[], input = ''): string {
    const [file, ...args] = [...this.#enter, ...command]
    return execFileSync(file ?? '', args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'close')
    this.#process.stdin?.end()
    await ended
  }
}

import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run, type Outcome } from './command.ts'
import type { Machine } from './namespace.ts'

const QUIET = [
  '-o',
  'StrictHostKeyChecking=no',
  '-o',
  'UserKnownHostsFile=/dev/null',
  '-o',
  'ConnectTimeout=5',
  '-o',
  'LogLevel=ERROR',
]

/** Someone on a machine who talks to a node with a real ssh client. */
export class Visitor {
  readonly #machine: Machine
  readonly #askpass: string

  private constructor(machine: Machine, askpass: string) {
    this.#machine = machine
    this.#askpass = askpass
  }

  static async on(machine: Machine, folder: string): Promise<Visitor> {
    const askpass = join(folder, 'askpass')
    await writeFile(askpass, '#!/bin/sh\necho wrong-password\n')
    await chmod(askpass, 0o700)
    return new Visitor(machine, askpass)
  }

  /** Fails `times` logins at once, from one of the machine's addresses. */
  async failLogins(host: string, from: string, times: number): Promise<readonly Outcome[]> {
    const attempt = () =>
      run(
        this.#machine.on([
          'setsid',
          'ssh',
          ...QUIET,
          '-b',
          from,
          '-o',
          'NumberOfPasswordPrompts=1',
          '-o',
          'PreferredAuthentications=password',
          '-o',
          'PubkeyAuthentication=no',
          `root@${host}`,
          'true',
        ]),
        { env: { SSH_ASKPASS: this.#askpass, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' } },
      )
    return Promise.all(Array.from({ length: times }, attempt))
  }

  /** Whether a login with the node's key works from this address. */
  async canLogIn(host: string, from: string, key: string): Promise<boolean> {
    const done = await run(
      this.#machine.on([
        'ssh',
        ...QUIET,
        '-b',
        from,
        '-i',
        key,
        '-o',
        'IdentitiesOnly=yes',
        '-o',
        'BatchMode=yes',
        `root@${host}`,
        'true',
      ]),
    )
    return done.code === 0
  }

  /** Whether a TCP connection to a port is answered, from this address. */
  async canConnect(host: string, from: string, port: number): Promise<boolean> {
    const done = await run(
      this.#machine.on([
        'curl',
        '-sS',
        '-o',
        '/dev/null',
        '--interface',
        from,
        '--connect-timeout',
        '2',
        '--max-time',
        '3',
        `telnet://${host}:${port}`,
      ]),
    )
    // 7: refused, 28 while connecting: dropped. A connection that stays open ends with 28 too, but only after --max-time.
    return (
      done.code === 0 || (done.code === 28 && !/Connection timed? ?out|Failed to connect/i.test(done.stderr))
    )
  }
}

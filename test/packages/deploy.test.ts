import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { systemClock } from '../../packages/daemon/src/index.ts'
import { deployBody, type DeployView } from '@warder/protocol/api'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, smallPackage, SshHost, sshHostTrouble, Wire } from '../lab/ssh-host.ts'
import { Jobs, type JobsParts } from '../../apps/server/src/deploy/jobs.ts'
import { DeployError } from '../../apps/server/src/deploy/problems.ts'
import type { ShippedPackage } from '../../apps/server/src/deploy/shipped.ts'

const run = promisify(execFile)
const trouble = sshHostTrouble()
const BY_PASSWORD = { kind: 'password', password: PASSWORD } as const
const ROOT = { user: 'root', signIn: BY_PASSWORD }
const ABLE = { user: 'able', signIn: BY_PASSWORD }
/** What a host must be like after something failed on it. */
const SNAPSHOT =
  "dpkg-query -W -f='${db:Status-Abbrev} ${Version}' warder-agent 2>/dev/null | grep -v ^un; ls -A /var/tmp /etc/warder /usr/lib/warder-agent /var/lib/warder-agent 2>/dev/null; cat /etc/warder/* /usr/lib/warder-agent/version 2>/dev/null; true"

/** Deployments to a host with a real sshd, sudo, apt and dpkg. */
describe.skipIf(trouble)(
  `deployment to a host${trouble ? ` (${trouble})` : ''}`,
  { timeout: 120_000 },
  () => {
    let folder = ''
    let host: SshHost
    let wire: Wire
    let older: ShippedPackage
    let shipped: ShippedPackage
    let key = ''
    const forgotten: string[] = []

    const jobsWith = (parts: Partial<JobsParts> = {}): Jobs =>
      new Jobs({
        clock: systemClock,
        shipped: () => shipped,
        sshAgent: () => null,
        lockTries: 1,
        createJoin: () => 'warder-join.x',
        seen: async () => {},
        forget: (node) => void forgotten.push(node),
        onEnded: () => {},
        ...parts,
      })
    const begin = (jobs: Jobs, more: object): string =>
      jobs.start(
        deployBody.parse({ host: '127.0.0.1', port: wire.port, hostKey: host.hostKey, ...more }),
        'http://192.0.2.1:8008',
        'ada',
      ).id
    const ended = async (jobs: Jobs, id: string): Promise<DeployView> => {
      await expect.poll(() => jobs.get(id).endedAt, { timeout: 60_000 }).not.toBe(null)
      return jobs.get(id)
    }
    const deployed = (more: object, parts: Partial<JobsParts> = {}): Promise<DeployView> => {
      const jobs = jobsWith(parts)
      return ended(jobs, begin(jobs, more))
    }
    const running = (jobs: Jobs, id: string): string | undefined =>
      jobs.get(id).steps.find(({ state }) => state === 'running')?.step
    const put = async ({ file }: ShippedPackage): Promise<void> => {
      await host.put(file, '/run/lab/package.deb')
      await host.shell('dpkg -i /run/lab/package.deb; rm /run/lab/package.deb')
    }
    const atGate = (): Promise<void> =>
      expect
        .poll(() => host.shell('test -e /run/lab/at-gate && echo there || true'), { timeout: 30_000 })
        .toBe('there\n')
    const openGate = (): Promise<string> => host.shell('echo go >/run/lab/gate; rm /run/lab/gate')

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'warder-deploy-'))
      ;[older, shipped] = await Promise.all([
        smallPackage(folder, '0.1.0'),
        smallPackage(folder, '0.2.0', { bytes: 4_000_000 }),
      ])
      host = await SshHost.start()
      wire = await Wire.to(host.port)
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
      key = await readFile(join(folder, 'key'), 'utf8')
      await host.put(join(folder, 'key.pub'), '/run/lab/keys')
    }, 60_000)
    afterAll(async () => {
      wire?.[Symbol.dispose]()
      await host?.[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    })
    afterEach(async () => {
      forgotten.length = 0
      wire.release()
      await host.shell(
        'dpkg --purge warder-agent >/dev/null 2>&1; rm -rf /etc/warder /var/lib/warder-agent; rm -f /run/lab/does-not-* /run/lab/gate; for each in /var/tmp /usr/lib/warder-agent; do while [ "$(grep -c " $each " /proc/mounts)" -gt "$([ $each = /var/tmp ] && echo 1 || echo 0)" ]; do umount $each; done; done; rm -rf /var/tmp/* /usr/lib/warder-agent',
      )
    })

    it.each<[string, () => object, string, string, string?]>([
      [
        'another host key',
        () => ({ ...ROOT, hostKey: `SHA256:${'A'.repeat(43)}` }),
        'connect',
        'host-key-changed',
      ],
      [
        'a wrong password',
        () => ({ ...ROOT, signIn: { kind: 'password', password: 'wrong' } }),
        'connect',
        'auth-refused',
      ],
      [
        'a key that is none',
        () => ({ user: 'root', signIn: { kind: 'key', key: 'none' } }),
        'connect',
        'key-unreadable',
      ],
      [
        'an ssh-agent that is not there',
        () => ({ signIn: { kind: 'agent' } }),
        'connect',
        'ssh-agent-missing',
      ],
      ['a user who may not use sudo', () => ({ user: 'plain', signIn: BY_PASSWORD }), 'look', 'sudo-denied'],
      ['a wrong password for sudo', () => ({ ...ABLE, sudoPassword: 'wrong' }), 'look', 'sudo-password'],
      [
        'a key where sudo asks for a password',
        () => ({ user: 'able', signIn: { kind: 'key', key } }),
        'look',
        'sudo-password',
      ],
      ['a full disk', () => ROOT, 'look', 'disk-full', 'mount -t tmpfs -o size=10m,mode=1777 tmpfs /var/tmp'],
      [
        'an agent of another server',
        () => ROOT,
        'look',
        'already-added',
        'mkdir -p /etc/warder; echo \'server = "ws://other:8008"\' >/etc/warder/agent.toml',
      ],
      ['a server that is out of reach', () => ABLE, 'enrol', 'enrol-failed', 'touch /run/lab/does-not-enrol'],
      ['an agent that does not start', () => ROOT, 'start', 'start-failed', 'touch /run/lab/does-not-start'],
      ['nothing to upgrade', () => ({ ...ROOT, kind: 'upgrade', node: 'lab1' }), 'look', 'not-installed'],
      ['nothing to remove', () => ({ ...ROOT, kind: 'remove', node: 'lab1' }), 'look', 'not-installed'],
    ])(
      'with %s says what is wrong, and leaves the host as it was',
      async (_, more, step, code, before = 'true') => {
        await host.shell(before)
        const untouched = await host.shell(SNAPSHOT)
        const view = await deployed(more())
        expect(view).toMatchObject({ state: 'failed', problem: { code } })
        expect(view.problem?.message).toMatch(/\.$/)
        expect(view.problem?.remedy).toMatch(/\.$|warder-agent$/)
        expect(view.steps.find(({ state }) => state === 'failed')?.step).toBe(step)
        expect(await host.shell(SNAPSHOT)).toBe(untouched)
        expect(JSON.stringify(view)).not.toContain(PASSWORD)
      },
    )

    it.each([
      ['root with a password', () => ROOT],
      ['root with a key', () => ({ signIn: { kind: 'key', key } })],
      ['a user with sudo and a password', () => ABLE],
      [
        'a key, and a password for sudo',
        () => ({ user: 'able', signIn: { kind: 'key', key }, sudoPassword: PASSWORD }),
      ],
    ])('installs as %s, and leaves nothing behind', async (_, how) => {
      const view = await deployed(how())
      expect(view).toMatchObject({ state: 'done', node: 'lab1', problem: null, rollback: null })
      expect(view.steps.map(({ state }) => state)).toEqual(Array.from({ length: 7 }, () => 'done'))
      expect(await host.shell('cat /usr/lib/warder-agent/version; ls -A /var/tmp')).toBe('0.2.0')
    })

    it('signs in by a real ssh-agent, and says so when that has no key', async () => {
      const socket = join(folder, 'agent.sock')
      const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
      await once(agent.stdout, 'data')
      const ask = { signIn: { kind: 'agent' } }
      try {
        const without = await deployed(ask, { sshAgent: () => socket })
        expect(without).toMatchObject({ state: 'failed', problem: { code: 'auth-refused' } })
        await run('ssh-add', ['-q', join(folder, 'key')], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
        expect(await deployed(ask, { sshAgent: () => socket })).toMatchObject({
          state: 'done',
          problem: null,
        })
      } finally {
        agent.kill()
        await once(agent, 'exit')
      }
    })

    it('says so when the disk is full in the middle of an upload', async () => {
      await host.shell('mount -t tmpfs -o size=60m,mode=1777 tmpfs /var/tmp')
      const untouched = await host.shell(SNAPSHOT)
      const jobs = jobsWith()
      wire.holdAfter(1_000_000)
      const id = begin(jobs, ROOT)
      await expect.poll(() => wire.isHolding(), { timeout: 30_000 }).toBe(true)
      await host.shell('cat /dev/zero >/var/tmp/fill 2>/dev/null || true')
      wire.release()
      const view = await ended(jobs, id)
      expect(view).toMatchObject({ state: 'failed', problem: { code: 'disk-full' } })
      expect(view.steps.find(({ state }) => state === 'failed')?.step).toBe('upload')
      await host.shell('rm /var/tmp/fill')
      expect(await host.shell(SNAPSHOT)).toBe(untouched)
    })

    it('says so when the disk is full while the package is unpacked, and purges it', async () => {
      await host.shell(
        'mkdir -p /usr/lib/warder-agent; mount -t tmpfs -o size=1m tmpfs /usr/lib/warder-agent',
      )
      const untouched = await host.shell(SNAPSHOT)
      const view = await deployed(ABLE)
      expect(view).toMatchObject({ state: 'failed', problem: { code: 'disk-full' } })
      expect(view.steps.find(({ state }) => state === 'failed')?.step).toBe('install')
      expect(await host.shell(SNAPSHOT)).toBe(untouched)
    })

    it('waits for who holds the lock of apt, and names them when it takes too long', async () => {
      await put(older)
      await host.shell('mkfifo /run/lab/gate')
      const { file } = await smallPackage(folder, '1', { name: 'lab-other' })
      await host.put(file, '/run/lab/other.deb')
      const other = host.shell('dpkg -i /run/lab/other.deb && dpkg --purge lab-other')
      await atGate()
      const view = await deployed({ ...ROOT, kind: 'upgrade', node: 'lab1' })
      expect(view).toMatchObject({ state: 'failed', problem: { code: 'apt-locked' } })
      expect(view.problem?.message).toMatch(/Process \d+ on the host.* holds the lock of apt/)
      await openGate()
      await other
      expect(await host.shell('ls -A /var/tmp')).toBe('')
    })

    it('takes back what was done when the connection is cut while apt runs', async () => {
      const untouched = await host.shell(SNAPSHOT)
      await host.shell('mkfifo /run/lab/gate')
      const jobs = jobsWith()
      const id = begin(jobs, ROOT)
      await atGate()
      wire.cut()
      await openGate()
      const view = await ended(jobs, id)
      expect(view).toMatchObject({ state: 'failed', problem: { code: 'cut' } })
      expect(view.rollback).toContain('purged again')
      expect(await host.shell(SNAPSHOT)).toBe(untouched)
    })

    it('is cancelled in the middle of an upload at once', async () => {
      const untouched = await host.shell(SNAPSHOT)
      const jobs = jobsWith()
      wire.holdAfter(1_000_000)
      const id = begin(jobs, ROOT)
      await expect.poll(() => wire.isHolding(), { timeout: 30_000 }).toBe(true)
      expect(running(jobs, id)).toBe('upload')
      expect(jobs.cancel(id).isCancelling).toBe(true)
      wire.release()
      expect(await ended(jobs, id)).toMatchObject({ state: 'cancelled', problem: { code: 'cancelled' } })
      expect(await host.shell(SNAPSHOT)).toBe(untouched)
    })

    it('is cancelled in the middle of an installation when apt has ended, and purges', async () => {
      const untouched = await host.shell(SNAPSHOT)
      await host.shell('mkfifo /run/lab/gate')
      const jobs = jobsWith()
      const id = begin(jobs, ABLE)
      await atGate()
      jobs.cancel(id)
      await openGate()
      const view = await ended(jobs, id)
      expect(view).toMatchObject({ state: 'cancelled', rollback: 'the package was purged again' })
      expect(await host.shell(SNAPSHOT)).toBe(untouched)
    })

    it('brings back an older version that was there, with the settings of the operator, when it fails', async () => {
      await put(older)
      await host.shell(
        "echo 'maxretry = 9' >>/etc/warder/jail.local; mkdir -p /var/lib/warder-agent; echo known >/var/lib/warder-agent/state",
      )
      const untouched = await host.shell(SNAPSHOT)
      await host.shell('touch /run/lab/does-not-enrol')
      const view = await deployed(ROOT)
      expect(view).toMatchObject({ state: 'failed', problem: { code: 'enrol-failed' } })
      expect(view.rollback).toContain('version 0.1.0 is back')
      expect(await host.shell(SNAPSHOT)).toBe(untouched)
      // And an upgrade later on does not take the operator's settings for those of the package.
      await host.shell('rm /run/lab/does-not-enrol')
      expect((await deployed(ROOT)).state).toBe('done')
      expect(await host.shell('cat /etc/warder/jail.local')).toBe('# 0.1.0\nmaxretry = 9\n')
    })

    it('upgrades a node, and goes back by itself when the new version is not well', async () => {
      await put(older)
      await host.shell('echo \'server = "ws://server"\' >/etc/warder/agent.toml')
      const untouched = await host.shell(SNAPSHOT)
      const ask = { ...ABLE, kind: 'upgrade', node: 'lab1' }
      const other = await deployed({ ...ask, node: 'lab2' })
      expect(other).toMatchObject({ state: 'failed', problem: { code: 'not-this-node' } })
      let asked = 0
      const view = await deployed(ask, {
        seen: async () => {
          if (asked++ === 0) throw new DeployError('no-report')
        },
      })
      expect(view).toMatchObject({ state: 'failed', problem: { code: 'unhealthy' } })
      expect(view.rollback).toBe('version 0.1.0 is back and runs')
      expect(await host.shell(SNAPSHOT)).toBe(untouched)

      expect(await deployed(ask)).toMatchObject({ state: 'done', node: 'lab1' })
      expect(await host.shell('cat /usr/lib/warder-agent/version; ls -A /var/tmp')).toBe('0.2.0')
      expect(await deployed(ask)).toMatchObject({ state: 'failed', problem: { code: 'up-to-date' } })
      expect(forgotten).toEqual([])
    })

    it('removes a node from its host and from the fleet', async () => {
      const untouched = await host.shell(SNAPSHOT)
      expect((await deployed(ROOT)).state).toBe('done')
      const view = await deployed({ ...ROOT, kind: 'remove', node: 'lab1' })
      expect(view).toMatchObject({ state: 'done', node: 'lab1' })
      expect(view.steps.map(({ step }) => step)).toEqual(['connect', 'look', 'remove', 'forget'])
      expect(forgotten).toEqual(['lab1'])
      expect(await host.shell(SNAPSHOT)).toBe(untouched)
    })

    it('does nothing on the rest when the first one of a staged upgrade fails', async () => {
      const jobs = jobsWith()
      const first = begin(jobs, { ...ROOT, kind: 'upgrade', node: 'lab1' })
      using second = await Wire.to(host.port)
      const rest = begin(jobs, { ...ROOT, kind: 'upgrade', node: 'lab2', port: second.port, after: first })
      expect(jobs.get(rest).state).toBe('waiting')
      expect((await ended(jobs, first)).state).toBe('failed')
      expect(await ended(jobs, rest)).toMatchObject({
        state: 'cancelled',
        problem: { code: 'earlier-failed' },
      })
      expect(jobs.get(rest).steps.every(({ state }) => state === 'waiting')).toBe(true)
    })
  },
)

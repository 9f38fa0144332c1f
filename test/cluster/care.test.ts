import { join } from 'node:path'
import type { DoctorReport, HardeningFinding } from '@warder/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../lab/command.ts'
import { makePackages } from '../lab/packages.ts'
import { bootTrouble, Lab, type BootedNode } from './booted.ts'
import { attack, deafen, difference, inventory, levelOf, LOWERED, Operator, ruleset } from './scene.ts'

const trouble = bootTrouble()

/** Settings of a node that hinder protection: found, put right from the dashboard and back, and proof that jails live. */
describe.skipIf(trouble)(`care for booted systems${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: Lab
  let nodes: readonly BootedNode[]
  let operator: Operator
  let before: ReadonlyMap<BootedNode, readonly string[]>

  const found = async (node: BootedNode, id: string): Promise<HardeningFinding | undefined> => {
    const { findings } = (await operator.get(`nodes/${node.name}/hardening`)) as {
      findings: readonly HardeningFinding[]
    }
    return findings.find((finding) => finding.id === id)
  }
  const change = (node: BootedNode, id: string, action: 'apply' | 'restore'): Promise<unknown> =>
    operator.post(`nodes/${node.name}/hardening/${id}`, { action })
  const pidOf = (node: BootedNode): Promise<string> =>
    node.must('systemctl', 'show', '-p', 'MainPID', '--value', 'ssh.service')

  beforeAll(async () => {
    lab = await Lab.open(['trixie', 'bookworm'])
    const packages = await makePackages(join(lab.folder, 'packages'))
    nodes = await Promise.all([lab.up('pve1', 11, 'trixie'), lab.up('pve2', 12, 'bookworm')])
    for (const node of nodes) await deafen(node)
    before = new Map(await Promise.all(nodes.map(async (node) => [node, await inventory(node)] as const)))
    const [first] = nodes as [BootedNode]
    await first.put(packages.server, '/root/server.deb')
    const said = await first.shell('dpkg -i /root/server.deb 2>&1')
    operator = new Operator(lab, `https://${first.address}:8008`)
    await operator.claim(/[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(said)?.[0] ?? '')
    for (const node of nodes) {
      await node.put(packages.agent, '/root/agent.deb')
      await node.shell('dpkg -i /root/agent.deb 2>&1')
      const code = (await first.must('warder-server', 'join-code')).trim()
      await node.must('warder', 'enrol', `https://${first.address}:8008`, code)
      await node.must('systemctl', 'restart', 'warder-agent')
    }
    await until('both nodes online', async () => {
      const rows = (await operator.get('nodes')) as readonly { state: string }[]
      return rows.length === 2 && rows.every(({ state }) => state === 'online')
    })
  })
  afterAll(() => lab?.[Symbol.asyncDispose]())

  it('finds that journald drops failed logins, and the doctor that jails are blind', async () => {
    for (const node of nodes) {
      expect(await found(node, 'journald-level')).toMatchObject({
        state: 'found',
        cause: expect.stringContaining(LOWERED),
      })
      const doctor = await node.run('warder', 'doctor', 'sshd')
      expect(doctor.code).toBe(1)
      expect(doctor.stdout).toMatch(/read +BROKEN[^]*The log stays empty: YES\. .*MaxLevelStore=warning/)
    }
  })

  it('puts it right from the dashboard: the jail is alive at every hop, and real attackers are banned', async () => {
    for (const node of nodes) {
      await change(node, 'journald-level', 'apply')
      expect(await found(node, 'journald-level')).toMatchObject({ state: 'applied' })
      expect(await levelOf(node)).toBe('MaxLevelStore=info')
      const report = (await operator.post(`nodes/${node.name}/doctor`, { jail: 'sshd' })) as DoctorReport
      process.stdout.write(
        `${node.suite}: ${report.jails[0]?.hops.map(({ hop, ms }) => `${hop} ${ms} ms`).join(', ')}\n`,
      )
      expect(report.jails[0]).toMatchObject({ jail: 'sshd', source: 'journal', verdict: 'alive' })
      await attack(lab, node, `198.18.7.${node.suite === 'trixie' ? 1 : 2}`)
    }
  })

  it('proves jails alive that read what one service, process or user alone can write, and says who cannot be written as', async () => {
    const own = (name: string, match: string): string =>
      `[${name}]\nenabled = true\nbackend = systemd\nfilter = marks\nport = 22\njournalmatch = ${match}\n`
    const jails = [
      own('stock', '_SYSTEMD_UNIT=ssh.service + _COMM=sshd'),
      own('exact', '_SYSTEMD_UNIT=ssh.service _COMM=sshd _UID=0'),
      own('cron', '_SYSTEMD_UNIT=cron.service'),
      own('named', '_COMM=sshd-session'),
      own('web', '_UID=33'),
      own('stopped', '_SYSTEMD_UNIT=idle.service'),
      own('renamed', '_SYSTEMD_UNIT=sshd.service'),
    ]
    for (const node of nodes) {
      // Of cron the image has nothing: a service of that name that does as little.
      const unit = '[Service]\nExecStart=/usr/bin/sleep infinity\nTasksMax=1\n'
      await node.shell(
        `printf '${unit.replaceAll('\n', '\\n')}' | tee /etc/systemd/system/cron.service > /etc/systemd/system/idle.service`,
      )
      await node.shell('systemctl daemon-reload; systemctl start cron.service')
      await node.shell(
        `mkdir -p /etc/warder/filter.d; printf '[Definition]\\nfailregex = ^.*bad mark from <HOST>$\\n' > /etc/warder/filter.d/marks.conf`,
      )
      await node.shell(
        `cp -a /etc/warder/jail.local /root/jail.local; printf '${jails.join('').replaceAll('\n', '\\n')}' >> /etc/warder/jail.local`,
      )
      await node.must('warder', 'reload')
      const verdicts = new Map<string, string>()
      const report = (await operator.post(`nodes/${node.name}/doctor`, {})) as DoctorReport
      for (const { jail, verdict, hops } of report.jails) {
        const told = hops.find(({ state }) => state !== 'ok') ?? hops[0]
        verdicts.set(jail, `${verdict}: ${told?.said}`)
      }
      expect(Object.fromEntries(verdicts)).toMatchObject({
        stock: expect.stringMatching(/^alive: .*to the journal as ssh\.service\.$/),
        exact: expect.stringMatching(/^alive: .*as ssh\.service as a process called sshd\.$/),
        cron: expect.stringMatching(/^alive: .*as cron\.service\.$/),
        named: expect.stringMatching(/^alive: .*as a process called sshd-session\.$/),
        web: expect.stringMatching(/^alive: .*as user 33\.$/),
        stopped: expect.stringMatching(
          /^partly: .*idle\.service does not run, so nothing can be written as it/,
        ),
        renamed: expect.stringMatching(/^broken: .*sshd\.service is another name of ssh\.service/),
      })
      // Written for the service, by a process that was never part of it.
      const [, entry] = await Promise.all([
        node.must('systemctl', 'is-active', 'cron.service'),
        node.must('journalctl', '-u', 'cron.service', '-o', 'json', 'WARDER_DOCTOR=1'),
      ])
      await node.must('systemctl', 'stop', 'warder-harden.socket')
      const alone = await node.run('warder', 'doctor', 'cron')
      expect(alone.stdout).toMatch(
        /alive as far as it could be tried[^]*it takes root to write as somebody else, and warder-harden\.socket is not/,
      )
      await node.must('systemctl', 'start', 'warder-harden.socket')
      const pid = await node.must('systemctl', 'show', '-p', 'MainPID', '--value', 'cron.service')
      expect(JSON.parse(entry)).toMatchObject({
        _SYSTEMD_UNIT: 'cron.service',
        _COMM: 'sleep',
        _PID: pid.trim(),
      })
      await node.shell(
        'systemctl stop cron.service; rm /etc/systemd/system/cron.service /etc/systemd/system/idle.service; systemctl daemon-reload',
      )
      await node.shell('rm /etc/warder/filter.d/marks.conf; mv /root/jail.local /etc/warder/jail.local')
      await node.must('warder', 'reload')
    }
  })

  it('proves a jail alive whose log is a file, which the agent itself may not write', async () => {
    const [first] = nodes as [BootedNode]
    await operator.post('session', { name: 'ada', password: 'wrong' }).catch(() => {})
    const report = await until(
      'the jail of the dashboard',
      async () => {
        const said = await first.run('warder', 'doctor', 'warder', '--json')
        return said.code === 0 && (JSON.parse(said.stdout) as { report: DoctorReport }).report
      },
      90_000,
    )
    expect(report.jails).toMatchObject([{ source: '/var/log/warder/auth.log', verdict: 'alive' }])
  })

  it('sets MaxAuthTries without a restart of sshd', async () => {
    for (const node of nodes) {
      const pid = await pidOf(node)
      await change(node, 'sshd-tries', 'apply')
      expect(await node.must('/usr/sbin/sshd', '-T')).toContain('maxauthtries 3\n')
      expect(await pidOf(node)).toBe(pid)
      expect(await node.must('warder', 'harden')).toMatch(/put right +sshd-tries/)
    }
  })

  it('takes each back: settings are as they were, to the byte', async () => {
    const [first, second] = nodes as [BootedNode, BootedNode]
    await change(first, 'journald-level', 'restore')
    await first.must('warder', 'harden', 'restore', '--all')
    await second.must('warder', 'harden', 'restore', 'journald-level')
    for (const node of nodes) expect(await levelOf(node)).toBe('MaxLevelStore=warning')
    expect(await first.must('/usr/sbin/sshd', '-T')).toContain('maxauthtries 6\n')
    const changed = difference(before.get(first) ?? [], await inventory(first))
    expect(changed.filter((line) => /\/etc\/(ssh|systemd\/journald)/.test(line))).toEqual([])
  })

  it('puts back what is still changed when the package is removed', async () => {
    const [first, second] = nodes as [BootedNode, BootedNode]
    await change(first, 'journald-level', 'apply')
    for (const node of [second, first]) {
      await node.must('dpkg', '--purge', 'warder-agent', ...(node === first ? ['warder-server'] : []))
      expect({ node: node.name, changed: difference(before.get(node) ?? [], await inventory(node)) }).toEqual(
        {
          node: node.name,
          changed: [],
        },
      )
      expect(await levelOf(node)).toBe('MaxLevelStore=warning')
      expect(await node.must('/usr/sbin/sshd', '-T')).toContain('maxauthtries 6\n')
      expect(await ruleset(node)).not.toContain('warder')
    }
  })
})

import { X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run, until } from '../lab/command.ts'
import { makePackages, type Packages } from '../lab/packages.ts'
import { blocksFor } from '../docs/proofs.ts'
import { bootTrouble, Lab, repacked, type BootedNode } from './booted.ts'
import { selfSigned } from '../../apps/server/src/certificate/self-signed.ts'
import { attack, difference, holds, inventory, Operator, ruleset, SUITES } from './scene.ts'

const trouble = bootTrouble()
/** How long a node may take from nothing to protected (ms). */
const PROTECTED_MS = 60_000
/** A socket of netfilter's that takes the news of nftables, as /proc/net/netlink shows it: address, protocol, process, groups. */
const NEWS_OF_NFTABLES = /^\S+ +12 +\d+ +00000040 /
const EXPOSURE = { 'warder-agent': 3, 'warder-server': 2.5 } as const

/** What the pages say to do on such systems. */
const BLOCKS = blocksFor('test/cluster/packages.test.ts')
const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'amd64'
const JOURNALD = '/etc/systemd/journald.conf.d'

interface Row {
  readonly name: string
  readonly state: string
}

/** Four Debian systems and what we pack: from the first installation to the last trace. */
describe.skipIf(trouble)(`packages on booted systems${trouble ? ` (${trouble})` : ''}`, () => {
  let lab: Lab
  let packages: Packages
  let nodes: readonly BootedNode[]
  let first: BootedNode
  let second: BootedNode
  let third: BootedNode
  let older: BootedNode
  let operator: Operator
  let before: ReadonlyMap<BootedNode, { readonly files: readonly string[]; readonly rules: string }>
  let fingerprint = ''

  const installs = (node: BootedNode, file: string): Promise<string> =>
    node.must('sh', '-c', `dpkg --force-confold -i ${file} 2>&1`)

  /** Types what a page shows, in root's home; the text tells which block, `meant` what stands for something else → all it said. */
  function asShown(
    node: BootedNode,
    text: string,
    meant: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const blocks = BLOCKS.filter((block) => `${block.page}\n${block.text}`.includes(text))
    expect(blocks.map(({ page, line }) => `${page}:${line}`)).toHaveLength(1)
    const typed = Object.entries({ amd64: ARCHITECTURE, ...meant }).reduce(
      (script, [written, is]) => script.replaceAll(written, is),
      blocks[0]?.text ?? '',
    )
    return node.shell(`exec 2>&1; set -e; cd /root\n${typed}`)
  }

  beforeAll(async () => {
    lab = await Lab.open(['trixie', 'bookworm'])
    packages = await makePackages(join(lab.folder, 'packages'))
    nodes = await Promise.all(SUITES.map((suite, at) => lab.up(`pve${at + 1}`, 11 + at, suite)))
    ;[first, second, third, older] = nodes as [BootedNode, BootedNode, BootedNode, BootedNode]
    for (const node of nodes) {
      await node.put(packages.agent, '/root/agent.deb')
      await node.put(packages.server, '/root/server.deb')
      await node.shell(
        'cd /root; for name in agent server; do f=$(dpkg-deb -f $name.deb Version Architecture | sed "s/.*: //" | tr "\\n" _); cp $name.deb warder-${name}_${f%_}.deb; done',
      )
    }
    before = new Map(
      await Promise.all(
        nodes.map(
          async (node) => [node, { files: await inventory(node), rules: await ruleset(node) }] as const,
        ),
      ),
    )
  })
  afterAll(() => lab?.[Symbol.asyncDispose]())

  it('protects a node within a minute, on Debian 12 and 13, all at once', async () => {
    const took = await Promise.all(
      nodes.map(async (node) => {
        const began = performance.now()
        expect(await asShown(node, 'apt install ./warder-agent')).toContain('Warder protects this node now.')
        const status = JSON.parse(await node.must('warder', 'status', '--json')) as {
          status: { report: { firewall: { backend: string; enforcing: boolean } } }
        }
        expect(status.status.report.firewall).toMatchObject({ backend: 'nftables', enforcing: true })
        return performance.now() - began
      }),
    )
    process.stdout.write(
      `from nothing to protected: ${took.map((ms) => `${Math.round(ms)} ms`).join(', ')}\n`,
    )
    expect(Math.max(...took)).toBeLessThan(PROTECTED_MS)
  })

  it('starts a server that says where it is, how to claim it and what its key is', async () => {
    const said = await asShown(first, 'apt install ./warder-server')
    expect(said).toContain(`https://${first.address}:8008`)
    fingerprint = /Fingerprint: +([0-9a-f]{32})/.exec(said)?.[1] ?? ''
    expect(fingerprint).not.toBe('')
    operator = new Operator(lab, `https://${first.address}:8008`)
    await operator.claim(/[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(said)?.[0] ?? '')
  })

  it('leaves little to whoever takes a program over: exposure as systemd measures it', async () => {
    for (const [unit, node] of [
      ['warder-agent', first],
      ['warder-agent', older],
      ['warder-server', first],
    ] as const) {
      const said = await node.must('systemd-analyze', 'security', '--no-pager', unit)
      const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(said)?.[1])
      process.stdout.write(`exposure of ${unit} on ${node.suite}: ${exposure}\n`)
      expect(exposure).toBeLessThan(EXPOSURE[unit])
    }
    const pid = (await first.must('systemctl', 'show', '-p', 'MainPID', '--value', 'warder-server')).trim()
    expect((await first.must('stat', '-c', '%U', `/proc/${pid}`)).trim()).toBe('warder')
  })

  it('hears from the kernel that others change the ruleset, with what its unit allows it', async () => {
    for (const node of [first, older]) {
      await until(`somebody listens on ${node.suite}`, async () => {
        const sockets = await node.must('cat', '/proc/net/netlink')
        return sockets.split('\n').some((line) => NEWS_OF_NFTABLES.test(line))
      })
    }
  })

  it('enrols every node by a join code that names the key of the server', async () => {
    for (const node of nodes) {
      const code = (await first.must('warder-server', 'join-code')).trim()
      expect(code.endsWith(`.${fingerprint}`)).toBe(true)
      const page = node === first ? 'docs/nodes.md' : 'docs/operate/install.md'
      await asShown(node, `${page}\nwarder enrol`, { SERVER: first.address, 'warder-join.…': code })
    }
    const rows = await until('four nodes online', async () => {
      const read = (await operator.get('nodes')) as readonly Row[]
      return read.length === 4 && read.every(({ state }) => state === 'online') && read
    })
    expect(rows.map(({ name }) => name).toSorted()).toEqual(['pve1', 'pve2', 'pve3', 'pve4'])
  })

  it.each([
    ['Debian 13', () => second, '198.18.7.2'],
    ['Debian 12', () => older, '198.18.7.4'],
  ])('bans who fails to log in by ssh, in the kernel of %s and in the history', async (_, node, ip) => {
    await attack(lab, node(), ip)
    const told = await until(`${ip} at the server`, async () => {
      const page = JSON.stringify(await operator.get(`bans?ip=${ip}`))
      return page.includes(ip) && page
    })
    expect(told).toContain(node().name)
  })

  it('shows the certificate of the Proxmox node, without a restart and to agents that know nothing of it', async () => {
    expect(await first.must('warder-server', 'status')).toContain('its own: browsers warn once')
    const now = Date.now()
    const pair = selfSigned({ names: ['pve1'], from: now - 86_400_000, to: now + 86_400_000 })
    for (const [name, text] of [
      ['pve-ssl.pem', pair.cert],
      ['pve-ssl.key', pair.key],
    ] as const)
      await writeFile(join(lab.folder, name), text)
    await first.shell('mkdir -p /etc/pve/local')
    await first.put(join(lab.folder, 'pve-ssl.pem'), '/etc/pve/local/pve-ssl.pem')
    await first.put(join(lab.folder, 'pve-ssl.key'), '/etc/pve/local/pve-ssl.key')
    await first.shell('chown root:www-data /etc/pve/local/*; chmod 640 /etc/pve/local/*')
    const pid = () => first.must('systemctl', 'show', '-p', 'MainPID', '--value', 'warder-server')
    const unchanged = await pid()
    await asShown(first, 'systemctl reload warder-server')
    expect(await first.must('warder-server', 'status')).toContain('of this Proxmox node')
    const { fingerprint256 } = new X509Certificate(pair.cert)
    await until('the other certificate', async () => {
      const visit = ['curl', '-skv', '--max-time', '5', `https://${first.address}:8008/healthz`]
      return (await run(lab.outside.on(visit))).stderr.includes('CN=pve1')
    })
    expect(await first.must('warder-server', 'status')).toContain(fingerprint256)
    expect(await pid()).toBe(unchanged)
    await older.must('systemctl', 'restart', 'warder-agent')
    await until('a node that linked anew', async () => {
      const rows = (await operator.get('nodes')) as readonly Row[]
      return rows.every(({ state }) => state === 'online')
    })
    await first.shell('rm -r /etc/pve; systemctl reload warder-server')
    expect(await first.must('warder-server', 'status')).toContain('its own: browsers warn once')
  })

  it('backs up and restores the server as root, for the user that it runs as', async () => {
    const backup = (await first.must('warder-server', 'backup', '/root/backups')).trim()
    expect(await first.must('warder-server', 'verify', backup)).toContain('is whole')
    const own = (await first.must('warder-server', 'backup')).trim()
    expect((await first.must('stat', '-c', '%U', own)).trim()).toBe('warder')
    await asShown(first, 'warder-server restore', { '/mnt/backups/warder-2026-11-28T13-00-00Z': backup })
    await until('all nodes back', async () => {
      const rows = (await operator.get('nodes').catch(() => [])) as readonly Row[]
      return rows.length === 4 && rows.every(({ state }) => state === 'online')
    })
    expect(JSON.stringify(await operator.get('bans?ip=198.18.7.2'))).toContain('198.18.7.2')
    await first.shell('rm -rf /root/backups /var/lib/warder-server/backups /var/lib/warder-server/before-*')
  })

  it('restarts an agent that hangs, and the bans stay meanwhile', async () => {
    const drop = '/run/systemd/system/warder-agent.service.d'
    await second.shell(`mkdir -p ${drop}; printf '[Service]\\nWatchdogSec=6\\n' > ${drop}/test.conf`)
    await second.shell('systemctl daemon-reload; systemctl restart warder-agent')
    const pid = async () =>
      (await second.must('systemctl', 'show', '-p', 'MainPID', '--value', 'warder-agent')).trim()
    const hung = await pid()
    await second.must('kill', '-STOP', hung)
    await until(
      'another agent',
      async () => {
        expect(await holds(second, '198.18.7.2')).toBe(true)
        const state = await second.run('systemctl', 'is-active', 'warder-agent')
        return state.stdout.trim() === 'active' && (await pid()) !== hung
      },
      90_000,
    )
    expect(await second.must('journalctl', '-u', 'warder-agent', '-o', 'cat', '--no-pager')).toMatch(
      /[Ww]atchdog timeout/,
    )
    await second.shell(`rm -r ${drop}; systemctl daemon-reload; systemctl restart warder-agent`)
  })

  it('keeps bans in the kernel and settings on the disk when it is upgraded', async () => {
    const newer = await repacked(packages.agent, '0.1.0+1', { folder: lab.folder })
    await second.put(newer, '/root/newer.deb')
    await second.shell("printf '[sshd]\\nmaxretry = 4\\n' >> /etc/warder/jail.local")
    const watch = second.must(
      'sh',
      '-c',
      `i=0; while [ ! -e /root/upgraded ]; do nft list table inet warder | grep -q 198.18.7.2 || echo gone; i=$((i+1)); done; echo $i looks`,
    )
    const said = await installs(second, '/root/newer.deb')
    await second.must('touch', '/root/upgraded')
    const looks = await watch
    expect(looks).not.toContain('gone')
    expect(Number(/(\d+) looks/.exec(looks)?.[1])).toBeGreaterThan(3)
    expect(said).not.toContain('To have it in the dashboard too')
    expect(await second.must('cat', '/etc/warder/jail.local')).toContain('maxretry = 4')
    expect((await second.must('systemctl', 'is-active', 'warder-agent')).trim()).toBe('active')
    await until('the upgraded node online', async () => {
      const rows = (await operator.get('nodes')) as readonly Row[]
      return rows.find(({ name }) => name === 'pve2')?.state === 'online'
    })
  })

  it('has the bans back after a reboot', async () => {
    await second.reboot()
    await until('the ban in the kernel', () => holds(second, '198.18.7.2'))
  })

  it('takes the next free port where another program has ours, and names that program', async () => {
    const unit = join(lab.folder, 'other-monitor.service')
    const program = `require('net').createServer().listen(8008)`
    await writeFile(unit, `[Service]\nExecStart=/usr/lib/warder-agent/node -e "${program}"\n`)
    await third.put(unit, '/etc/systemd/system/other-monitor.service')
    await third.shell('systemctl daemon-reload; systemctl start other-monitor')
    await until(
      'the other program on 8008',
      async () => (await third.run('sh', '-c', 'grep -q :1F48 /proc/net/tcp6')).code === 0,
    )
    const said = await installs(third, '/root/server.deb')
    expect(said).toMatch(/Port 8008 is in use by other-monitor\.service \(process \d+\)/)
    expect(said).toContain('Warder took port 8009 instead')
    expect(said).toContain(`https://${third.address}:8009`)
    expect((await third.run('warder-server', 'set-port', '8008')).stderr).toContain('other-monitor.service')
    // Asked for in the file all the same: the unit tells why it does not start.
    await third.shell(
      `sed -i 's/^port = .*/port = 8008/' /etc/warder/server.toml; systemctl restart warder-server || true`,
    )
    const told = await third.must('journalctl', '-u', 'warder-server', '-o', 'cat', '--no-pager')
    expect(told).toMatch(/Port 8008 is in use by other-monitor\.service.*warder-server set-port 8009/)
    await third.must('systemctl', 'stop', 'other-monitor')
    await until(
      'the server, which tries again',
      async () => (await third.run('warder-server', 'status')).code === 0,
    )
    await third.shell('rm /etc/systemd/system/other-monitor.service; systemctl daemon-reload')
    await asShown(third, 'warder-server set-port 8010')
    await until('the server on another port', async () =>
      (await third.run('warder-server', 'status')).stdout.includes(`https://${third.address}:8010`),
    )
  })

  it('puts a setting right, and back to what it was, by the commands of the page', async () => {
    const settings = 'cat /etc/systemd/journald.conf.d/*'
    await older.shell(
      `mkdir -p ${JOURNALD}; printf '[Journal]\\nMaxLevelStore=warning\\n' > ${JOURNALD}/lowered.conf`,
    )
    await older.shell('systemctl restart systemd-journald')
    const lowered = await older.shell(settings)
    expect(await asShown(older, 'warder harden apply journald-level')).toMatch(/FOUND|found/)
    expect(await older.shell(settings)).toBe(lowered)
    await older.shell(`rm ${JOURNALD}/lowered.conf; systemctl restart systemd-journald`)
  })

  it('lets everybody in when it is removed, and keeps what it knows until it is purged', async () => {
    expect(await holds(older, '198.18.7.4')).toBe(true)
    await older.must('apt', '-y', 'remove', 'warder-agent')
    expect(await ruleset(older)).toBe(before.get(older)?.rules)
    expect(await older.must('ls', '/var/lib/warder-agent')).toContain('state.db')
    expect(await installs(older, '/root/agent.deb')).toContain('Setting up warder-agent')
    await until('the ban, which is not over', () => holds(older, '198.18.7.4'))
  })

  it('leaves nothing behind when it is purged: no file, unit, user, rule or changed setting', async () => {
    for (const node of nodes) {
      const installed = (
        await node.run('dpkg-query', '-W', '-f=${Package} ', 'warder-agent', 'warder-server')
      ).stdout
      await node.must('apt', '-y', 'purge', ...installed.trim().split(' '))
      expect({
        node: node.name,
        changed: difference(before.get(node)?.files ?? [], await inventory(node)),
        rules: await ruleset(node),
        units: (await node.run('systemctl', 'list-unit-files', '--no-legend', 'warder*')).stdout,
        user: (await node.run('getent', 'passwd', 'warder')).stdout,
      }).toEqual({ node: node.name, changed: [], rules: before.get(node)?.rules, units: '', user: '' })
    }
  })
})

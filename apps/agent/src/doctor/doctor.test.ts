import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DoctorReport } from '@warder/protocol'
import { ask } from '../control/ask.ts'
import { runCommand } from '../cli/commands.ts'
import { NetworkNamespace, whyNoNft } from '../firewall/netns.ts'
import { NftablesFirewall } from '../firewall/nftables.ts'
import { hostHere } from '../host.ts'
import { AgentLab } from '../lab.ts'
import { Journald, whyNoJournald } from '../source/journald.ts'
import { machineSources } from '../source/machine.ts'
import { writeAs } from './write-as.ts'

let lab: AgentLab
beforeEach(async () => {
  lab = await AgentLab.open()
})
afterEach(() => lab[Symbol.asyncDispose]())

async function examined(jail?: string): Promise<DoctorReport> {
  const answer = await ask(lab.socket, { verb: 'doctor', ...(jail === undefined ? {} : { jail }) })
  if (!answer.ok || answer.report === undefined) throw new Error(JSON.stringify(answer))
  return answer.report
}

const hopsOf = (report: DoctorReport): Record<string, string> =>
  Object.fromEntries(report.jails[0]?.hops.map(({ hop, state }) => [hop, state]) ?? [])

describe('a jail that reads a file', () => {
  it('is followed from the log to the history, and counts nothing', async () => {
    await lab.start()
    await lab.server.until(() => lab.agent !== null && lab.kinds().includes('agent.started'))
    const report = await examined('door')
    expect(report.jails).toMatchObject([{ jail: 'door', source: lab.log }])
    expect(hopsOf(report)).toEqual({
      write: 'ok',
      read: 'ok',
      match: 'ok',
      decision: 'ok',
      // The firewall of a lab is in memory only.
      firewall: 'broken',
      link: 'ok',
      history: 'ok',
    })
    expect(report.jails[0]?.verdict).toBe('broken')
    const ip = report.jails[0]?.ip ?? ''
    expect(ip).toMatch(/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/)
    expect(await readFile(lab.log, 'utf8')).toContain(`from ${ip}`)
    const told = lab.server.history.filter(({ event }) => JSON.stringify(event).includes(ip))
    expect(told.map(({ event }) => event)).toEqual([{ kind: 'jail.tried', jail: 'door', ip, passed: false }])
    expect(await lab.banned()).toEqual([])
  })

  it('goes on counting what others write meanwhile', async () => {
    await lab.start()
    await lab.attack('198.18.0.9', 1)
    await lab.seen('failure.found')
    const [report] = await Promise.all([examined(), lab.attack('198.18.0.9', 2)])
    await lab.seen('ban.added')
    expect(hopsOf(report)['decision']).toBe('ok')
    expect(await lab.banned()).toEqual(['door 198.18.0.9'])
  })

  it('keeps apart a line without an end that a service is writing', async () => {
    await lab.start()
    await appendFile(lab.log, 'bad login of root from 198.18.0.')
    expect(hopsOf(await examined())['decision']).toBe('ok')
  })

  it('whose filter cannot be written for is looked at as far as it is read', async () => {
    await writeFile(
      `${lab.folder}/etc/filter.d/door.conf`,
      '[Definition]\nfailregex = ^(\\w+)=\\1 from <HOST>$\n',
    )
    await lab.start()
    const report = await examined()
    expect(report.jails[0]).toMatchObject({ verdict: 'partly', ip: null })
    expect(hopsOf(report)).toEqual({ write: 'skipped', read: 'ok' })
  })

  it('is named, or there is none', async () => {
    await lab.start()
    await expect(examined('nobody')).rejects.toThrow(/there is no running jail nobody/)
  })

  it('is told on the command line, with the exit status of what was found', async () => {
    await lab.start()
    const said = { out: '', err: '' }
    const run = (...args: string[]) =>
      runCommand([...args, '--socket', lab.socket], {
        print: (text) => void (said.out += text),
        complain: (text) => void (said.err += text),
        environment: {},
        isTerminal: false,
      })
    await run('doctor')
    expect(said.out).toMatch(
      /^door \(\S+door\.log\): BROKEN[^]*read +ok +[\d.]+ ms[^]*I banned myself: perhaps/,
    )
    said.out = ''
    const exit = await run('doctor', 'door', '--json')
    // The firewall of a lab is in memory only, which is no protection.
    expect(JSON.parse(said.out)).toMatchObject({ ok: true, report: { jails: [{ jail: 'door' }] } })
    expect(exit).toBe(1)
    expect(await run('doctor', 'nobody')).toBe(1)
  })

  it('without a server is proved as far as the node goes', async () => {
    const { server: _server, join: _join, ...config } = lab.config()
    await lab.start(config)
    expect(hopsOf(await examined())).toMatchObject({ decision: 'ok', link: 'skipped' })
  })
})

const noNft = whyNoNft()
describe.skipIf(noNft)(`with a real firewall${noNft ? ` (${noNft})` : ''}`, () => {
  it('the jail is proved alive at every hop', async () => {
    using namespace = new NetworkNamespace()
    const command = ['ip', 'netns', 'exec', namespace.name, '/usr/sbin/nft'] as const
    await lab.start(lab.config(), {
      firewall: new NftablesFirewall({ clock: lab.clock, command: [...command], reason: 'a test' }),
    })
    await lab.seen('agent.started')
    const report = await examined('door')
    expect(report.jails[0]?.hops.filter(({ state, ms }) => state !== 'ok' || ms === null)).toEqual([])
    expect(report.jails[0]).toMatchObject({ verdict: 'alive' })
    expect(report.findings.find(({ id }) => id === 'it-never-bans')).toMatchObject({ state: 'fine' })
    expect(lab.count('jail.tried')).toBe(1)
    expect(lab.count('failure.found')).toBe(0)
    await lab.stop()
  })
})

const trouble = whyNoJournald()
describe.skipIf(trouble)(`jails that read the journal${trouble ? ` (${trouble})` : ''}`, () => {
  it('are followed through a real journald, as whoever they ask for', async () => {
    await using journald = await Journald.start()
    journald.log('other', ['a first line'])
    const jail = (name: string, more: string) => `[${name}]\nenabled = true\nbackend = systemd\n${more}\n`
    const own = (name: string, match: string): string =>
      jail(name, `filter = gate\njournalmatch = ${match}\nport = 22`)
    await writeFile(
      `${lab.folder}/etc/filter.d/gate.conf`,
      '[Definition]\nfailregex = ^.*bad login from <HOST>$\n',
    )
    await writeFile(
      `${lab.folder}/etc/jail.local`,
      jail('sshd', 'filter = sshd') +
        jail('proxmox', 'filter = proxmox') +
        own('stopped', '_SYSTEMD_UNIT=own.service') +
        own('running', '_SYSTEMD_UNIT=other.service CONTAINER_NAME=x') +
        own('renamed', '_SYSTEMD_UNIT=alias.service') +
        own('either', '_SYSTEMD_UNIT=own.service + _EXE=/x + _COMM=doorkeeper _UID=33') +
        own('named', '_COMM=door-keeper') +
        own('user', '_UID=33') +
        own('syslog', '_TRANSPORT=syslog SYSLOG_FACILITY=10') +
        '[warder]\nenabled = false\n',
    )
    const enter = journald.journalctl.slice(0, -1)
    const units = new Map([
      ['own.service', { id: 'own.service', isThere: true, isActive: false, processes: [] }],
      ['alias.service', { id: 'own.service', isThere: true, isActive: true, processes: [] }],
    ])
    await lab.start(lab.config(), {
      sources: machineSources(lab.clock, journald.journalctl),
      // There are no services here; booted systems have them.
      host: {
        ...hostHere(lab.config(), lab.clock, enter),
        look: async () => ({ units, users: new Set([0, 33]) }),
      },
    })
    const report = await examined()
    const verdicts = report.jails.map(({ jail: name, hops }) => [
      name,
      hops.map(({ hop, state }) => `${hop} ${state}`).join(', '),
    ])
    const whole = 'write ok, read ok, match ok, decision ok, firewall broken, link ok, history ok'
    expect(Object.fromEntries(verdicts)).toEqual({
      sshd: whole,
      proxmox: whole,
      stopped: 'write skipped, read ok',
      running: 'write skipped, read ok',
      renamed: 'read broken',
      either: whole,
      named: whole,
      user: whole,
      syslog: whole,
    })
    const said = (name: string): string | undefined =>
      report.jails.find(({ jail: each }) => each === name)?.hops[0]?.said
    expect(said('stopped')).toMatch(/own\.service does not run, so nothing can be written as it/)
    expect(said('renamed')).toMatch(/alias\.service is another name of own\.service/)
    expect(said('either')).toMatch(/to the journal as a process called doorkeeper as user 33\.$/)
    const counted = lab.kinds().filter((kind) => kind === 'failure.found')
    expect(counted).toEqual([])
  })

  it.each([
    ['a process of some name', { comm: 'pvedaemon worke', uid: 0 }, { _COMM: 'pvedaemon worke', _UID: '0' }],
    ['a user', { comm: null, uid: 33 }, { _UID: '33' }],
    ['both', { comm: 'x', uid: 33 }, { _COMM: 'x', _UID: '33' }],
  ])('take entries as they were meant: as %s', async (_, author, wanted) => {
    await using journald = await Journald.start()
    const MESSAGE = 'bad login of "$(id)" %s \\n Jürgen=--x from 203.0.113.7'
    const fields = { MESSAGE, PRIORITY: '3', SYSLOG_FACILITY: '10', SYSLOG_IDENTIFIER: 'x' }
    await writeAs(fields, { ...author, unit: null, transport: 'journal' }, journald.journalctl.slice(0, -1))
    journald.run(['journalctl', '--sync'])
    const entry: unknown = JSON.parse(journald.run(['journalctl', '-o', 'json', `MESSAGE=${MESSAGE}`]))
    expect(entry).toMatchObject({ ...fields, ...wanted, _TRANSPORT: 'journal' })
  })
})

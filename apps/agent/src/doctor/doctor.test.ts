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
  it('are followed through a real journald', async () => {
    await using journald = await Journald.start()
    journald.log('other', ['a first line'])
    const jail = (name: string, more: string) => `[${name}]\nenabled = true\nbackend = systemd\n${more}\n`
    await writeFile(
      `${lab.folder}/etc/jail.local`,
      jail('sshd', 'filter = sshd') +
        jail('proxmox', 'filter = proxmox') +
        jail('own', 'filter = door\njournalmatch = _SYSTEMD_UNIT=own.service\nport = 22') +
        '[warder]\nenabled = false\n',
    )
    const [enter = '', ...rest] = journald.journalctl.slice(0, -1)
    await lab.start(lab.config(), {
      sources: machineSources(lab.clock, journald.journalctl),
      host: hostHere(lab.config(), lab.clock, [enter, ...rest, 'logger', '--journald']),
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
      // Nobody but the unit itself can write what this one reads.
      own: 'write skipped, read ok',
    })
    const counted = lab.kinds().filter((kind) => kind === 'failure.found')
    expect(counted).toEqual([])
  })
})

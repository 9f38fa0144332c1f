import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LogRing, makeLogger, ManualClock } from '@warder/daemon'
import { LOG_LIMIT, type Question } from '@warder/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemoryFirewall } from './firewall/memory.ts'
import { AgentLab } from './lab.ts'
import { LabServer } from './link/lab.ts'
import { VERSION } from './version.ts'

let lab: AgentLab
beforeEach(async () => {
  lab = await AgentLab.open()
})
afterEach(() => lab[Symbol.asyncDispose]())

describe('an agent', () => {
  it('bans who fails too often and tells the server all of it, in order', async () => {
    const running = await lab.start()
    await lab.attack('203.0.113.1')
    await lab.seen('ban.added')
    expect(lab.kinds()).toEqual([
      'agent.started',
      'jail.started',
      ...Array.from({ length: 3 }, () => 'failure.found'),
      'ban.added',
    ])
    expect(await lab.banned()).toEqual(['door 203.0.113.1'])
    expect(lab.server.hellos[0]).toMatchObject({ name: 'pve1', cluster: 'vault', agent: VERSION })
    expect(lab.server.gap).toBeNull()
    const door = running.status().jails.find(({ name }) => name === 'door')
    expect(door).toMatchObject({
      state: 'running',
      activeBans: 1,
      sources: [join(lab.folder, 'door.log')],
      ports: 'tcp 22',
    })
    await lab.server.until(() => lab.server.statuses.some(({ activeBans }) => activeBans === 1))
  })

  it("asks the ignorecommand of a jail, and counts bans in the jail 'recidive'", async () => {
    const friend = join(lab.folder, 'friend')
    await writeFile(friend, '#!/bin/sh\ntest "$1" = 203.0.113.7\n', { mode: 0o755 })
    await lab.configure(
      `ignorecommand = ${friend} <ip>\n[recidive]\nenabled = true\nmaxretry = 1\nport = all\n`,
    )
    const running = await lab.start()
    await lab.attack('203.0.113.7')
    await lab.attack('203.0.113.8')
    await lab.seen('ban.added', 2)
    await lab.seen('failure.ignored')
    expect(await lab.banned()).toEqual(['door 203.0.113.8', 'recidive 203.0.113.8'])
    const recidive = running.status().jails.find(({ name }) => name === 'recidive')
    expect(recidive).toMatchObject({
      state: 'running',
      activeBans: 1,
      sources: ['the bans of the other jails'],
    })
  })

  it('lets an address go that a file of friends names from now on', async () => {
    const friends = join(lab.folder, 'friends')
    await writeFile(friends, '# nobody yet\n')
    await lab.configure(`ignoreip = file:${friends}\n`)
    await lab.start()
    await lab.attack('203.0.113.8')
    await lab.seen('ban.added')
    // Its size is another one, whatever the clock of the file system says.
    await writeFile(friends, '203.0.113.8 # back from holidays\n')
    await lab.seen('ban.lifted')
    expect(await lab.banned()).toEqual([])
  })

  it('works without a server', async () => {
    const { server: _, join: __, ...alone } = lab.config()
    await lab.start(alone)
    await lab.attack('203.0.113.1')
    await expect.poll(() => lab.banned()).toEqual(['door 203.0.113.1'])
  })

  it('goes on over a restart: counts, bans and what the server has not read', async () => {
    await lab.server[Symbol.asyncDispose]()
    await lab.start()
    await lab.attack('203.0.113.1')
    await lab.attack('203.0.113.2', 2)
    await expect.poll(() => lab.banned()).toEqual(['door 203.0.113.1'])
    await lab.stop()
    await lab.attack('203.0.113.2', 1)
    lab.server = await LabServer.start()
    await lab.start()
    await lab.seen('ban.added')
    await lab.seen('ban.added', 2)
    expect(await lab.banned()).toEqual(['door 203.0.113.1', 'door 203.0.113.2'])
    expect(lab.count('failure.found')).toBe(6)
    expect(lab.server.gap).toBeNull()
  })

  it('carries out orders of the server and answers them', async () => {
    await lab.start()
    await lab.server.until(() => lab.server.statuses.length > 0)
    const order = {
      kind: 'ban',
      id: 'o1',
      ip: '198.51.100.0/24',
      jail: 'manual',
      bantime: 60,
      by: 'alice',
      expiresAt: lab.clock.now() + 60_000,
    } as const
    lab.server.send({ kind: 'order', order })
    await lab.seen('order.finished')
    expect(await lab.banned()).toEqual(['manual 198.51.100.0/24'])
    lab.server.send({
      kind: 'order',
      order: { kind: 'lift', id: 'o2', ip: null, jail: null, by: 'alice', issuedAt: lab.clock.now() },
    })
    await lab.seen('ban.lifted')
    expect(await lab.banned()).toEqual([])
  })

  it('answers what the server asks: its filters, and the last lines of its own sources alone', async () => {
    const running = await lab.start()
    await lab.server.until(() => lab.server.statuses.length > 0)
    await lab.attack('203.0.113.1')
    const ask = async (id: string, question: Question) => {
      lab.server.send({ kind: 'question', id, question })
      await lab.server.until(() => lab.server.answers.has(id))
      return lab.server.answers.get(id)
    }
    const filters = await ask('1', { kind: 'filters' })
    expect(filters?.kind === 'filters' && filters.filters.find(({ name }) => name === 'door')).toMatchObject({
      jails: ['door'],
      failregex: ['^bad login of <F-USER>\\S+</F-USER> from <HOST>$'],
    })
    expect(filters?.kind === 'filters' && filters.filters.some(({ name }) => name === 'sshd')).toBe(true)
    expect(await ask('2', { kind: 'lines', source: lab.log, limit: 2 })).toMatchObject({
      kind: 'lines',
      lines: Array.from({ length: 2 }, () => ({
        text: 'bad login of root from 203.0.113.1',
        writtenAt: null,
      })),
      cut: false,
    })
    for (const source of ['/etc/shadow', 'journal', `${lab.log}/../door.log`])
      expect(await ask(source, { kind: 'lines', source, limit: 2 })).toMatchObject({
        kind: 'refused',
        code: 'source-unknown',
      })
    await rm(lab.log)
    expect(await ask('3', { kind: 'lines', source: lab.log, limit: 2 })).toMatchObject({
      kind: 'refused',
      code: 'source-unreadable',
      reason: `${lab.log}: it does not exist`,
    })
    expect(running.status().jails.length).toBeGreaterThan(1)
  })

  it('answers with the last lines that it logged itself, and never with text of a log that it reads', async () => {
    const logged = new LogRing(LOG_LIMIT)
    const log = makeLogger({
      name: 'warder',
      level: 'info',
      form: 'json',
      kept: logged,
      writtenFrom: 'error',
    })
    await lab.start(lab.config(), { log, logged })
    await lab.server.until(() => lab.server.statuses.length > 0)
    await lab.attack('203.0.113.1')
    await lab.seen('ban.added')
    const ask = async (id: string, limit: number) => {
      lab.server.send({ kind: 'question', id, question: { kind: 'log', limit } })
      await lab.server.until(() => lab.server.answers.has(id))
      const answer = lab.server.answers.get(id)
      return answer?.kind === 'log' ? answer.lines.map(({ text }) => text) : []
    }
    const lines = await ask('1', LOG_LIMIT)
    expect(lines).toContainEqual(expect.stringMatching(/^ban\.added jail=door ip=203\.0\.113\.1 until=/))
    expect(lines.join('\n')).not.toContain('bad login')
    expect(await ask('2', 1)).toHaveLength(1)
  })

  it('refuses settings that cannot be applied here, and goes on as before', async () => {
    await lab.configure(
      '[broken]\nenabled = false\nfilter = door\nlogpath = /x\nfailregex = ^((( from <HOST>$\n',
    )
    const running = await lab.start()
    await lab.server.until(() => lab.server.statuses.length > 0)
    const settings = { revision: 9, jails: { broken: { enabled: true }, door: { maxretry: 1 } } }
    lab.server.send({ kind: 'settings', settings })
    await lab.seen('settings.refused')
    const refused = lab.server.history.find(({ event }) => event.kind === 'settings.refused')?.event
    expect(refused).toMatchObject({
      revision: 9,
      reason: expect.stringContaining('jail broken cannot run here'),
    })
    expect(running.status().revision).toBe(0)
    expect(running.status().jails.find(({ name }) => name === 'door')?.effective.maxretry).toBe(3)
  })

  it('applies settings of the server and keeps them over a restart without it', async () => {
    lab.server.settings = { revision: 7, jails: { door: { maxretry: 1 } } }
    const first = await lab.start()
    await lab.seen('settings.applied')
    expect(first.status().revision).toBe(7)
    lab.server.send({
      kind: 'settings',
      settings: { revision: 8, jails: { door: { maxretry: 2 }, nothing: { enabled: true } } },
    })
    await lab.seen('settings.applied', 2)
    await lab.stop()
    await lab.server[Symbol.asyncDispose]()
    const second = await lab.start()
    expect(second.status().revision).toBe(8)
    expect(second.status().jails.find(({ name }) => name === 'door')?.effective.maxretry).toBe(2)
    await lab.stop()
    lab.server = await LabServer.start()
  })

  it('tells of a source that is lost and read again', async () => {
    const manual = new ManualClock(Date.now())
    lab.useClock(manual)
    await lab.start()
    await expect.poll(() => lab.agent?.status().sources[0]?.state).toBe('reading')
    const tick = async () => {
      manual.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await rm(join(lab.folder, 'door.log'))
    await mkdir(join(lab.folder, 'door.log'))
    while (!lab.kinds().includes('source.lost')) await tick()
    await rm(join(lab.folder, 'door.log'), { recursive: true })
    await writeFile(join(lab.folder, 'door.log'), 'a line\n')
    while (!lab.kinds().includes('source.regained')) await tick()
  })

  it.each([
    ['keep', ['door 203.0.113.1']],
    ['remove', []],
  ])('with on_stop = %s leaves %j in the firewall', async (on_stop, left) => {
    await lab.start(lab.config({ on_stop }))
    await lab.attack('203.0.113.1')
    await lab.seen('ban.added')
    await lab.stop()
    expect(await lab.banned()).toEqual(left)
  })

  it('does not start beside another one, and leaves that one alone', async () => {
    await lab.start()
    const second = lab.make(lab.config(), new MemoryFirewall(lab.clock))
    await expect(second.start()).rejects.toThrow('another agent is running')
    await lab.attack('203.0.113.1')
    await lab.seen('ban.added')
  })

  it('never bans the server or the nodes of its cluster', async () => {
    await writeFile(
      join(lab.folder, '.members'),
      '{"cluster":{"name":"vault"},"nodelist":{"pve2":{"ip":"203.0.113.2"}}}',
    )
    await lab.start()
    await lab.attack('203.0.113.2')
    await lab.attack('203.0.113.1')
    await lab.seen('ban.added')
    expect(lab.kinds()).toContain('failure.ignored')
    expect(await lab.banned()).toEqual(['door 203.0.113.1'])
  })

  it('stops within two seconds', async () => {
    await lab.start()
    await lab.attack('203.0.113.1', 5_000)
    const before = performance.now()
    await lab.stop()
    expect(performance.now() - before).toBeLessThan(2_000)
  })
})

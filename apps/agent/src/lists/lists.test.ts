import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ManualClock } from '@warder/daemon'
import type { ListsPart, NodeList } from '@warder/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCommand } from '../cli/commands.ts'
import { AgentLab } from '../lab.ts'

const NOON = Date.UTC(2026, 10, 20, 12)

let lab: AgentLab
beforeEach(async () => {
  lab = await AgentLab.open()
})
afterEach(() => lab[Symbol.asyncDispose]())

const list = (kind: 'allow' | 'deny', targets: string[], over: Partial<NodeList> = {}): NodeList => ({
  kind,
  name: kind === 'deny' ? 'scanners' : 'office',
  targets,
  ending: [],
  ...over,
})

/** Sends lists as one part. */
const send = (revision: number, lists: NodeList[], over: Partial<ListsPart> = {}): void =>
  lab.server.send({
    kind: 'lists',
    part: { revision, stamp: `stamp-${revision}`, part: 1, parts: 1, lists, ...over },
  })
const applied = (times: number): Promise<void> => lab.seen('lists.applied', times)
const ofKind = (kind: string) =>
  lab.server.history.map(({ event }) => event).filter((event) => event.kind === kind)

/** The command line on the lab's agent → what it said. */
async function warder(...args: string[]): Promise<string> {
  let said = ''
  const hear = (text: string): void => void (said += text)
  await runCommand([...args, '--socket', lab.socket], {
    print: hear,
    complain: hear,
    environment: {},
    isTerminal: false,
  })
  return said
}

it('shuts out whom deny lists name, lets alone whom allow lists do, and says what it has', async () => {
  await lab.start()
  await lab.seen('agent.started')
  await lab.attack('198.18.0.1')
  await lab.seen('ban.added')
  const part = { part: 1, parts: 2 }
  send(1, [list('deny', ['198.18.0.9', '198.51.100.0/24'])], part)
  send(1, [list('deny', ['203.0.113.4']), list('allow', ['198.18.0.0/29', '203.0.113.4'])], {
    ...part,
    part: 2,
  })
  await applied(1)
  expect(await lab.banned()).toEqual(['blocklist 198.18.0.9', 'blocklist 198.51.100.0/24'])
  expect(ofKind('lists.applied')).toEqual([
    { kind: 'lists.applied', revision: 1, allow: 2, deny: 3, refused: 1 },
  ])
  expect(ofKind('ban.lifted')).toMatchObject([{ jail: 'door', ip: '198.18.0.1', by: 'agent' }])
  expect(ofKind('ban.refused')).toMatchObject([{ jail: 'blocklist', ip: '203.0.113.4', reason: 'allowlist' }])
  // What is allowed is never banned: not by its failures, not by hand.
  expect(await warder('ban', '198.18.0.1')).toContain('198.18.0.1 was not banned: an allow list names it')
  await lab.server.until(() => lab.server.statuses.at(-1)?.lists?.stamp === 'stamp-1')
  expect(lab.server.statuses.at(-1)).toMatchObject({
    activeBans: 0,
    lists: { revision: 1, allow: 2, deny: 3, refused: 1 },
  })
  expect(await warder('banned', '198.18.0.9')).toContain('on the deny list scanners')
  expect(await warder('unban', '--all')).toContain('0 bans are lifted')
  // A part that is alone, or of something else, changes nothing.
  send(2, [], { part: 2, parts: 2 })
  send(3, [list('deny', ['203.0.113.4'])])
  await applied(2)
  expect(await lab.banned()).toEqual(['blocklist 203.0.113.4'])
})

it('keeps to them over a restart and without the server, and ends what has an end', async () => {
  const clock = new ManualClock(NOON)
  lab.useClock(clock)
  await lab.start()
  await lab.seen('agent.started')
  const until = NOON + 3_600_000
  send(1, [
    list('deny', ['198.18.0.9'], { ending: [{ ip: '198.18.0.10', until }] }),
    list('allow', [], { ending: [{ ip: '198.18.0.77', until }] }),
  ])
  await applied(1)
  await lab.stop()
  await lab.firewall.remove()
  const { server: _, join: __, ...alone } = lab.config()
  await lab.start(alone)
  expect(await lab.banned()).toEqual(['blocklist 198.18.0.10', 'blocklist 198.18.0.9'])
  expect(await warder('ban', '198.18.0.77')).toContain('was not banned')
  // The same again changes nothing: it is wanted already.
  clock.advance(3_600_000)
  await expect.poll(() => lab.banned()).toEqual(['blocklist 198.18.0.9'])
  clock.advance(30_000)
  await expect.poll(() => warder('ban', '198.18.0.77')).toContain('is banned')
})

it('bans nobody who is at the dashboard, as long as the server says so, and then again', async () => {
  const clock = new ManualClock(NOON)
  lab.useClock(clock)
  await lab.start()
  await lab.seen('agent.started')
  const order = (id: string) =>
    lab.server.send({
      kind: 'order',
      order: {
        kind: 'ban-many',
        id,
        ips: ['198.51.100.0/24', '198.18.0.1'],
        jail: 'manual',
        bantime: -1,
        by: 'ada',
        expiresAt: NOON + 10 * 3_600_000,
      },
    })
  lab.server.send({ kind: 'operators', operators: [{ ip: '198.51.100.7', until: NOON + 900_000 }] })
  order('o1')
  await lab.seen('order.finished')
  expect(ofKind('ban.refused')).toEqual([
    { kind: 'ban.refused', jail: 'manual', ip: '198.51.100.0/24', reason: 'operator', order: 'o1' },
  ])
  expect(await lab.banned()).toEqual(['manual 198.18.0.1'])
  lab.server.send({ kind: 'operators', operators: [] })
  order('o2')
  await lab.seen('order.finished', 2)
  expect(await lab.banned()).toEqual(['manual 198.18.0.1', 'manual 198.51.100.0/24'])
})

it('takes files of addresses from the command line, in one step, or not at all', async () => {
  await lab.start()
  const file = join(lab.folder, 'bad.txt')
  await writeFile(file, '# scanners\n203.0.113.1, 203.0.113.2\n203.0.113.1 127.0.0.1\n')
  const said = await warder('ban', file, '--for', '1h')
  expect(said).toContain('3 addresses and subnets: 2 bans made.')
  expect(said).toContain('127.0.0.1 was not banned: it is loopback')
  expect(await lab.banned()).toEqual(['manual 203.0.113.1', 'manual 203.0.113.2'])
  expect(await warder('unban', file)).toContain('3 addresses and subnets: 2 bans lifted.')
  expect(await lab.banned()).toEqual([])
  await writeFile(file, '203.0.113.1\nexample.org\n')
  expect(await warder('ban', file)).toContain('line 2: "example.org"')
  expect(await lab.banned()).toEqual([])
  const many = Array.from({ length: 10_001 }, (_, at) => `11.0.${at >> 8}.${at & 255}`)
  await writeFile(file, many.join('\n'))
  expect(await warder('ban', file)).toContain('10001 addresses and subnets: 10001 bans made.')
})

it('lets an address alone on this node for a while', async () => {
  await lab.start()
  await warder('ban', '203.0.113.1')
  expect(await warder('allow', '203.0.113.1', '--note', 'Bob')).toContain('is not banned on this node for 1d')
  expect(await lab.banned()).toEqual([])
  expect(await warder('allow')).toMatch(/203\.0\.113\.1 {2}for \S+.* more {2}Bob/)
  expect(await warder('allow', '0.0.0.0/0')).toContain('too wide')
  await lab.stop()
  await lab.start()
  expect(await warder('ban', '203.0.113.1')).toContain('was not banned')
  expect(await warder('allow', '203.0.113.1', '--end')).toContain('no longer allowed')
  expect(await warder('ban', '203.0.113.1')).toContain('is banned')
})

import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PATHS } from '@warder/protocol/paths'
import type { Down, ListsPart } from '@warder/protocol'
import { LabNode } from '../lab/agent.ts'
import { startLab, type Lab } from '../lab/server.ts'
import type { LabSocket } from '../lab/socket.ts'

let lab: Lab
beforeEach(async () => {
  lab = await startLab({ config: { trusted_proxies: ['127.0.0.1'] } })
})
afterEach(() => lab[Symbol.asyncDispose]())

const make = (name: string, kind: 'allow' | 'deny', more: object = {}) =>
  lab.as('POST', PATHS.lists, { name, kind, ...more })
const put = (name: string, ip: string, more: object = {}) =>
  lab.as('POST', PATHS.listEntries(name), { ip, ...more })
const entriesOf = async (name: string, query = '') =>
  (await lab.as('GET', `${PATHS.listEntries(name)}${query}`)).body

/** A call as the operator from an address, as a trusted proxy says. */
const from = async (address: string, method: string, path: string, body?: unknown) =>
  lab.call(method, path, {
    body,
    headers: { cookie: await lab.cookie(), origin: lab.url, 'x-forwarded-for': address },
  })

/** The parts of the newest lists, as they came. */
async function wholeOf(link: LabSocket<Down>): Promise<readonly ListsPart[]> {
  const parts = [(await link.next('lists', ({ part }) => part.part === 1)).part]
  while (parts.length < (parts[0]?.parts ?? 1)) parts.push((await link.next('lists')).part)
  return parts
}

describe('a list', () => {
  it('is made, told, changed and removed, each by somebody', async () => {
    expect((await make('office', 'allow', { note: 'us' })).body).toMatchObject({
      name: 'office',
      kind: 'allow',
      note: 'us',
      entries: 0,
      createdBy: 'ada',
      source: null,
    })
    expect((await make('office', 'deny')).body.code).toBe('list.exists')
    expect((await lab.as('PATCH', PATHS.list('office'), { note: 'all of us' })).body.note).toBe('all of us')
    await put('office', '2001:DB8::/48', { note: 'ring', for: 3_600 })
    expect((await lab.as('GET', PATHS.lists)).body).toMatchObject({
      revision: 2,
      lists: [{ name: 'office', entries: 1 }],
      nodes: [],
    })
    expect(await entriesOf('office')).toMatchObject({
      rows: [{ ip: '2001:db8::/48', note: 'ring', until: lab.clock.now() + 3_600_000, addedBy: 'ada' }],
      next: null,
      total: 1,
    })
    expect((await lab.as('DELETE', PATHS.listEntry('office', '2001:db8::/48'))).status).toBe(204)
    expect((await lab.as('DELETE', PATHS.listEntry('office', '2001:db8::/48'))).body.code).toBe(
      'entry.unknown',
    )
    expect((await lab.as('DELETE', PATHS.list('office'))).status).toBe(204)
    expect((await lab.as('GET', PATHS.list('office'))).body.code).toBe('list.unknown')
    const { rows } = (await lab.as('GET', PATHS.audit)).body
    expect(rows.slice(0, 5).map(({ action }: { action: string }) => action)).toEqual([
      'list.remove',
      'list.drop',
      'list.add',
      'list.change',
      'list.create',
    ])
  })

  it.each([
    ['no address', 'example.org', 400, 'ip.invalid'],
    ['half the world', '128.0.0.0/1', 400, 'entry.wide'],
    ['the machine itself', '127.0.0.1', 409, 'ban.refused'],
  ])('of who is denied takes not %s', async (_, ip, status, code) => {
    await make('bad', 'deny')
    const answer = await put('bad', ip)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect((await entriesOf('bad')).rows).toEqual([])
  })

  it('is paged in the order of addresses, and searched by what contains an address', async () => {
    await make('bad', 'deny')
    const text = ['10.0.0.9', '9.9.9.9', '2001:db8::1', '10.0.0.0/8', '192.0.2.0/24'].join('\n')
    await lab.as('POST', PATHS.listImport('bad'), { text, note: 'from Ada' })
    const ips: string[] = []
    let cursor = ''
    for (let pages = 0; pages < 5; pages++) {
      const page = await entriesOf('bad', `?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ips.push(...page.rows.map(({ ip }: { ip: string }) => ip))
      if (page.next === null) break
      cursor = page.next
    }
    expect(ips).toEqual(['9.9.9.9', '10.0.0.0/8', '10.0.0.9', '192.0.2.0/24', '2001:db8::1'])
    const found = async (search: string) =>
      (await entriesOf('bad', `?search=${encodeURIComponent(search)}`)).rows.map(
        ({ ip }: { ip: string }) => ip,
      )
    expect(await found('10.0.0.9')).toEqual(['10.0.0.0/8', '10.0.0.9'])
    expect(await found('192.0.0.0/16')).toEqual(['192.0.2.0/24'])
    expect(await found('ada')).toHaveLength(5)
    expect(await found('9.9')).toEqual(['9.9.9.9'])
    expect((await entriesOf('bad', '?cursor=x')).code).toBe('cursor.invalid')
  })

  it('takes a text whole, tells what it did not understand, and nothing of it where it is too much', async () => {
    await make('office', 'allow')
    await put('office', '192.0.2.99', { note: 'stays' })
    const text = 'ip,country\n192.0.2.1,DE\n192.0.2.1,DE\n::/0,all\n# x\n192.0.2.99,FR'
    expect((await lab.as('POST', PATHS.listImport('office'), { text })).body).toMatchObject({
      added: 1,
      removed: 0,
      kept: 1,
      duplicates: 1,
      bad: 2,
    })
    const replaced = await lab.as('POST', PATHS.listImport('office'), { text: '192.0.2.2', mode: 'replace' })
    expect(replaced.body).toMatchObject({ added: 1, removed: 2 })
    const many = Array.from({ length: 10_000 }, (_, at) => `11.0.${at >> 8}.${at & 255}`).join('\n')
    const full = await lab.as('POST', PATHS.listImport('office'), { text: many })
    expect([full.status, full.body.code]).toEqual([409, 'list.full'])
    expect((await entriesOf('office')).total).toBe(1)
  })

  it('takes a hundred thousand and goes to nodes in parts', async () => {
    await make('bad', 'deny')
    const text = Array.from(
      { length: 100_000 },
      (_, at) => `11.${at >> 16}.${(at >> 8) & 255}.${at & 255}`,
    ).join('\n')
    expect((await lab.as('POST', PATHS.listImport('bad'), { text })).body.added).toBe(100_000)
    expect((await put('bad', '192.0.2.1')).body.code).toBe('list.full')
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    link.send({ kind: 'status', status: node.status(lab.clock.now(), { lists: NO_LISTS }) })
    const parts = await wholeOf(link)
    expect(parts).toHaveLength(13)
    expect(parts.flatMap(({ lists }) => lists.flatMap(({ targets }) => targets))).toHaveLength(100_000)
  }, 60_000)
})

const NO_LISTS = { revision: 0, stamp: '', allow: 0, deny: 0, refused: 0 }

describe('nodes', () => {
  it('get every change, say that they have it, and are sent it again where they do not', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    await make('bad', 'deny')
    await wholeOf(link)
    await put('bad', '192.0.2.1', { for: 600 })
    const [part] = await wholeOf(link)
    expect(part?.lists).toEqual([
      {
        kind: 'deny',
        name: 'bad',
        targets: [],
        ending: [{ ip: '192.0.2.1', until: lab.clock.now() + 600_000 }],
      },
    ])
    const standing = async () => (await lab.as('GET', PATHS.lists)).body.nodes
    expect(await standing()).toEqual([{ node: 'pve1', state: 'pending', refused: 0 }])
    const held = { revision: part?.revision ?? 0, stamp: part?.stamp ?? '', allow: 0, deny: 1, refused: 1 }
    link.send({ kind: 'status', status: node.status(lab.clock.now(), { lists: held }) })
    await expect.poll(standing).toEqual([{ node: 'pve1', state: 'applied', refused: 1 }])
    link.cut()
    await put('bad', '192.0.2.2')
    const again = await node.dial(lab.url)
    await again.next('welcome')
    again.send({ kind: 'status', status: node.status(lab.clock.now(), { lists: held }) })
    expect((await wholeOf(again))[0]?.stamp).not.toBe(held.stamp)
  })

  it('that speak an older version get none of it and are told to be old', async () => {
    const node = new LabNode('pve1')
    node.version = 2
    const { link } = await node.join(lab)
    link.send({ kind: 'status', status: node.status(lab.clock.now()) })
    await make('bad', 'deny')
    await put('bad', '192.0.2.1')
    await expect
      .poll(async () => (await lab.as('GET', PATHS.lists)).body.nodes)
      .toEqual([{ node: 'pve1', state: 'old', refused: 0 }])
    await lab.as('PUT', PATHS.jailSettings('sshd'), { maxretry: 3 })
    await link.next('settings')
    expect(link.received.map(({ kind }) => kind)).not.toContain('lists')
  })

  it('let an address alone for a day when somebody says so', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    expect((await lab.as('POST', PATHS.allow, { ip: '192.0.2.1', note: 'Bob' })).body).toMatchObject({
      ip: '192.0.2.1',
      until: lab.clock.now() + 86_400_000,
    })
    await wholeOf(link)
    expect((await wholeOf(link))[0]?.lists).toMatchObject([{ kind: 'allow', name: 'temporary' }])
    lab.clock.advance(86_400_001)
    expect((await entriesOf('temporary')).total).toBe(0)
  })
})

describe('who asks', () => {
  it.each([
    ['an entry', PATHS.listEntries('bad'), { ip: '198.51.100.0/24' }],
    ['an import', PATHS.listImport('bad'), { text: '203.0.113.1\n198.51.100.7' }],
    ['a ban', PATHS.bans, { ip: '198.51.100.7' }],
    ['a ban of a subnet', PATHS.bans, { ip: '198.51.0.0/16' }],
    ['a ban of many', PATHS.bulkOrders, { kind: 'ban', ips: ['203.0.113.1', '198.51.100.7'] }],
  ])('is not shut out by %s, unless they type their address', async (_, path, body) => {
    const node = new LabNode('pve1')
    await node.join(lab)
    await make('bad', 'deny')
    const refused = await from('198.51.100.7', 'POST', path, body)
    expect([refused.status, refused.body.code]).toEqual([409, 'ban.self'])
    expect(refused.body.message).toContain('198.51.100.7')
    const wrong = await from('198.51.100.7', 'POST', path, { ...body, confirm: '198.51.100.8' })
    expect(wrong.body.code).toBe('ban.self')
    expect((await from('198.51.100.7', 'POST', path, { ...body, confirm: '198.51.100.7' })).status).toBe(200)
    expect((await from('203.0.113.99', 'POST', path, body)).status).toBe(200)
  })

  it('is let alone by nodes as long as they are signed in, and no longer', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    const told = async () => (await link.next('operators', ({ operators }) => operators.length > 0)).operators
    await from('198.51.100.7', 'GET', PATHS.nodes)
    expect(await told()).toContainEqual({ ip: '198.51.100.7', until: lab.clock.now() + 900_000 })
    // A session that goes on from elsewhere is there, and not here any more.
    await from('203.0.113.5', 'GET', PATHS.nodes)
    expect(await told()).toEqual([{ ip: '203.0.113.5', until: lab.clock.now() + 900_000 }])
    const { link: late } = await new LabNode('pve2').join(lab)
    expect((await late.next('operators')).operators).toHaveLength(1)
    await from('203.0.113.5', 'DELETE', PATHS.session)
    expect((await link.next('operators')).operators).toEqual([])
  })

  it('is let alone over a restart of the server', async () => {
    const node = new LabNode('pve1')
    await node.join(lab)
    await lab.as('GET', PATHS.nodes)
    await lab.stop()
    lab = await startLab({ folder: lab.config.data_dir.replace(/\/data$/, ''), clock: lab.clock })
    const { link } = await node.join(lab)
    expect((await link.next('operators')).operators).toMatchObject([{ ip: '127.0.0.1' }])
  })

  it('is let alone no longer when they mean to ban themselves, before the order comes', async () => {
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    await from('198.51.100.7', 'GET', PATHS.nodes)
    await link.next('operators', ({ operators }) => operators.length > 0)
    await from('198.51.100.7', 'POST', PATHS.bans, { ip: '198.51.100.7', confirm: '198.51.100.7' })
    await link.next('order')
    expect(link.received).toEqual([])
  })
})

describe('a list with a URL', () => {
  let source: Server
  let answer: { status: number; body: string; headers?: Record<string, string> }
  const asked: (string | undefined)[] = []
  const urlOf = () => `http://127.0.0.1:${(source.address() as AddressInfo).port}/list.txt`
  beforeEach(async () => {
    asked.length = 0
    answer = { status: 200, body: '192.0.2.1\n192.0.2.2\n', headers: { etag: '"1"' } }
    source = createServer((request, reply) => {
      asked.push(request.headers['if-none-match'])
      const same = request.headers['if-none-match'] === answer.headers?.['etag']
      reply.writeHead(same ? 304 : answer.status, answer.headers).end(same ? '' : answer.body)
    })
    source.listen(0, '127.0.0.1')
    await once(source, 'listening')
    await lab[Symbol.asyncDispose]()
    lab = await startLab({ config: { trusted_proxies: ['127.0.0.1'], private_hosts: ['127.0.0.1'] } })
  })
  afterEach(() => void source.close())

  const fetchNow = () => lab.as('POST', PATHS.listFetch('bad'))
  const ipsOf = async () => (await entriesOf('bad')).rows.map(({ ip }: { ip: string }) => ip)

  it('holds what was there last, beside what is put on it by hand', async () => {
    await make('bad', 'deny', { url: urlOf() })
    await put('bad', '203.0.113.1')
    expect((await fetchNow()).body).toMatchObject({ added: 2, removed: 0, bad: 0 })
    answer = { status: 200, body: '192.0.2.2\n192.0.2.3 # new\noops\n', headers: { etag: '"2"' } }
    expect((await fetchNow()).body).toMatchObject({ added: 1, removed: 1, kept: 1, bad: 1 })
    expect(await ipsOf()).toEqual(['192.0.2.2', '192.0.2.3', '203.0.113.1'])
    expect((await fetchNow()).body).toMatchObject({ added: 0, removed: 0 })
    expect(asked).toEqual([undefined, '"1"', '"2"'])
    expect((await lab.as('GET', PATHS.list('bad'))).body.source).toMatchObject({
      fetchedAt: lab.clock.now(),
      trouble: null,
      bad: 1,
      misread: [{ line: 3, text: 'oops' }],
    })
  })

  it.each([
    ['is away', { status: 503, body: '192.0.2.9' }, /status 503/],
    ['tells of an error', { status: 200, body: '<html>sorry</html>' }, /no address/],
    ['is too large', { status: 200, body: '192.0.2.9\n'.repeat(600_000) }, /answers with more than/],
    ['leads round in circles', { status: 302, body: '', headers: { location: '/list.txt' } }, /sends on/],
    ['leads to a file', { status: 302, body: '', headers: { location: 'file:///etc/passwd' } }, /file:/],
  ])('keeps the last good where its place %s', async (_, next, words) => {
    await make('bad', 'deny', { url: urlOf() })
    await fetchNow()
    answer = next
    const failed = await fetchNow()
    expect([failed.status, failed.body.code]).toEqual([409, 'list.unfetched'])
    expect(failed.body.message).toMatch(words)
    expect(await ipsOf()).toEqual(['192.0.2.1', '192.0.2.2'])
    expect((await lab.as('GET', PATHS.list('bad'))).body.source.trouble).toMatch(words)
  })

  it('is fetched by itself, at once and when it is due', async () => {
    await make('bad', 'deny', { url: urlOf(), hours: 2 })
    lab.clock.advance(60_000)
    await expect.poll(ipsOf).toEqual(['192.0.2.1', '192.0.2.2'])
    lab.clock.advance(3_600_000)
    answer = { status: 200, body: '192.0.2.7\n', headers: { etag: '"7"' } }
    lab.clock.advance(3_660_000)
    await expect.poll(ipsOf).toEqual(['192.0.2.7'])
    expect(asked).toEqual([undefined, '"1"'])
  })

  it('shuts out nobody who is at the dashboard when it is fetched by itself, nor the machine', async () => {
    const body = '198.51.100.0/24\n198.51.100.7\n127.0.0.0/8\n192.0.2.1\n'
    answer = { status: 200, body, headers: { etag: '"9"' } }
    await from('198.51.100.7', 'POST', PATHS.lists, { name: 'bad', kind: 'deny', url: urlOf() })
    lab.clock.advance(60_000)
    const held = async () => (await from('198.51.100.7', 'GET', PATHS.list('bad'))).body
    await expect.poll(async () => (await held()).entries, { timeout: 10_000 }).toBe(1)
    expect(await ipsOf()).toEqual(['192.0.2.1'])
    const { misread } = (await lab.as('GET', PATHS.list('bad'))).body.source
    expect(misread.map(({ text }: { text: string }) => text)).toEqual(
      ['198.51.100.0/24', '198.51.100.7', '127.0.0.0/8'].map(
        (ip) => `${ip} (it would shut out an operator or the machine itself)`,
      ),
    )
  })
})

it('fetches from no private place unless it may', async () => {
  for (const url of [
    'http://127.0.0.1:1/x',
    'http://[::1]/x',
    'http://localhost/x',
    'http://169.254.169.254/x',
  ]) {
    await make('bad', 'deny', { url })
    const answer = await lab.as('POST', PATHS.listFetch('bad'))
    expect(answer.body.message).toMatch(/this machine itself|private network|link-local/)
    await lab.as('DELETE', PATHS.list('bad'))
  }
  expect((await make('bad', 'deny', { url: 'file:///etc/passwd' })).status).toBe(400)
})

import { PATHS } from '@warder/protocol/paths'
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { banned, LabNode, report } from '../lab/agent.ts'
import { Ears, type Ear } from '../lab/ear.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'
import { keptIn } from '../lab/storage.ts'

const MINUTE = 60_000
const ears = new Ears()
let lab: Lab
beforeEach(async () => {
  lab = await startLab({ config: { private_hosts: ['127.0.0.1'] } })
})

afterEach(async () => {
  await lab[Symbol.asyncDispose]()
  ears[Symbol.dispose]()
})

const addChannel = async (body: Readonly<Record<string, unknown>>): Promise<number> => {
  const made = await lab.as('POST', PATHS.channels, { name: 'phone', ...body })
  expect(made).toMatchObject({ status: 200 })
  return made.body.id
}
const webhook = (ear: Ear) =>
  addChannel({ kind: 'webhook', secrets: { url: `${ear.url}/hook`, secret: 'top-secret' } })
const addRule = async (body: Readonly<Record<string, unknown>>): Promise<number> => {
  const made = await lab.as('POST', PATHS.rules, body)
  expect(made).toMatchObject({ status: 200 })
  return made.body.id
}
const titles = (ear: Ear): string[] => ear.heard.map(({ body }) => JSON.parse(body).title)
const deliveries = async () => (await lab.as('GET', PATHS.deliveries)).body.rows
const restart = async (config = lab.config): Promise<void> => {
  await lab.stop()
  const folder = lab.config.data_dir.replace(/\/data$/, '')
  lab = await startLab({ folder, clock: lab.clock, config: { private_hosts: config.private_hosts } })
}

describe('an attack', () => {
  it('is told once at once, and once more with all of it, also when the server is restarted meanwhile', async () => {
    const ear = await ears.http()
    await addRule({ channels: [await webhook(ear)], topics: ['ban'] })
    const node = new LabNode('pve1')
    let { link } = await node.join(lab)
    const bans = Array.from({ length: 30 }, (_, i) => banned(`192.0.2.${i}`, NOON))
    await report(link, node.record(NOON, ...bans))
    await expect.poll(() => titles(ear)).toEqual(['sshd banned 192.0.2.0 on pve1 for 10m'])

    await restart()
    link = (await node.join(lab)).link
    lab.clock.advance(10 * MINUTE)
    await report(link, node.record(lab.clock.now(), banned('198.51.100.1', lab.clock.now())))
    lab.clock.advance(5 * MINUTE)
    await expect.poll(() => titles(ear)).toHaveLength(2)
    const [, summary] = ear.heard
    expect(JSON.parse(summary?.body ?? '{}')).toMatchObject({
      version: 1,
      topic: 'ban',
      severity: 'info',
      title: '30 more bans of 30 addresses on pve1',
      count: 30,
      nodes: ['pve1'],
      jails: ['sshd'],
    })
    const [time = '', hash] = String(summary?.headers['x-warder-signature'])
      .split(/t=|,v1=/)
      .slice(1)
    expect(hash).toBe(createHmac('sha256', 'top-secret').update(`${time}.${summary?.body}`).digest('hex'))
    // Nothing came since: the storm is over, and the next ban is an attack of its own.
    lab.clock.advance(31 * MINUTE)
    await report(
      link,
      node.record(lab.clock.now(), banned('203.0.113.9', lab.clock.now(), { jail: 'proxmox' })),
    )
    await expect.poll(() => titles(ear)).toHaveLength(3)
    expect(titles(ear)[2]).toBe('proxmox banned 203.0.113.9 on pve1 for 10m')
  })
})

describe('what is told', () => {
  it('is a node that is lost and back, once each, also over a restart', async () => {
    const ear = await ears.http()
    await addRule({ channels: [await webhook(ear)] })
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    link.cut()
    await expect.poll(async () => (await lab.as('GET', PATHS.node('pve1'))).body.state).toBe('offline')
    lab.clock.advance(2 * MINUTE)
    await restart()
    lab.clock.advance(2 * MINUTE)
    expect(titles(ear)).toEqual([])
    lab.clock.advance(2 * MINUTE)
    await expect.poll(() => titles(ear)).toEqual(['pve1 is lost'])
    await restart()
    lab.clock.advance(10 * MINUTE)
    await node.join(lab)
    lab.clock.advance(MINUTE)
    await expect.poll(() => titles(ear)).toEqual(['pve1 is lost', 'pve1 is back'])
  })

  it('is a jail that failed, and a wrong password at the server, by rules of their own', async () => {
    const [jails, doors] = [await ears.http(), await ears.http()]
    await addRule({ channels: [await webhook(jails)], topics: ['jail-failed', 'jail-back'], jails: ['sshd'] })
    await addRule({ channels: [await webhook(doors)], topics: ['sign-in-failed'], severity: 'warning' })
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    const status = node.status(NOON)
    const broken = status.jails.map((jail) => ({ ...jail, state: 'failed' as const, reason: 'no log' }))
    for (const state of [{ ...status, jails: broken }, { ...status, jails: broken }, status])
      link.send({ kind: 'status', status: state })
    await expect
      .poll(() => titles(jails))
      .toEqual(['The jail sshd cannot run on pve1', 'The jail sshd runs again on pve1'])
    for (let i = 0; i < 3; i++)
      await lab.call('POST', PATHS.session, { body: { name: 'ada', password: 'wrong' } })
    await expect.poll(() => titles(doors)).toEqual(['Somebody at 127.0.0.1 failed to sign in at the server'])
    lab.clock.advance(15 * MINUTE)
    await expect.poll(() => titles(doors)[1]).toBe('2 more failed sign-ins')
    expect(doors.heard[1]?.body).not.toContain('ada')
  })

  it('is held back in quiet hours', async () => {
    const ear = await ears.http()
    const quiet = { from: '11:00', to: '13:00' }
    await addRule({ channels: [await webhook(ear)], topics: ['ban'], quiet })
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    await report(link, node.record(NOON, banned('192.0.2.1', NOON), banned('192.0.2.2', NOON)))
    lab.clock.advance(59 * MINUTE)
    expect(titles(ear)).toEqual([])
    lab.clock.advance(MINUTE)
    await expect.poll(() => titles(ear)).toEqual(['2 bans of 2 addresses on pve1'])
  })
})

describe('a delivery', () => {
  it('that fails is tried again later, also after a restart, under the same id', async () => {
    const ear = await ears.http()
    ear.answer = { status: 503 }
    await addRule({ channels: [await webhook(ear)] })
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    await report(link, node.record(NOON, banned('192.0.2.1', NOON)))
    await expect
      .poll(async () => (await deliveries())[0])
      .toMatchObject({
        state: 'waiting',
        attempts: 1,
        problem:
          '127.0.0.1 has trouble of its own (503). It is tried again later; if it stays so, look there.',
        finishedAt: null,
      })
    const [{ nextAt }] = await deliveries()
    expect(nextAt - NOON).toBeGreaterThanOrEqual(15_000)
    expect(nextAt - NOON).toBeLessThanOrEqual(30_000)
    await restart()
    ear.answer = { status: 200 }
    lab.clock.advance(35_000)
    await expect
      .poll(async () => (await deliveries())[0])
      .toMatchObject({
        state: 'sent',
        attempts: 2,
        problem: null,
        nextAt: null,
      })
    const ids = ear.heard.map(({ body }) => JSON.parse(body).id)
    expect(new Set(ids).size).toBe(1)
    expect((await lab.as('GET', PATHS.channels)).body[0].last).toMatchObject({ state: 'sent' })
  })

  it('is given up after ten tries, at once when it is hopeless, and dropped when its channel is off', async () => {
    const [weak, shut, off] = [await ears.http(), await ears.http(), await ears.http()]
    weak.answer = { status: 500 }
    shut.answer = { status: 401 }
    off.answer = { status: 500 }
    const channels = [await webhook(weak), await webhook(shut), await webhook(off)]
    await addRule({ channels })
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    await report(link, node.record(NOON, banned('192.0.2.1', NOON)))
    await expect.poll(() => off.heard.length).toBe(1)
    const body = { kind: 'webhook', name: 'off', enabled: false }
    expect((await lab.as('PUT', PATHS.channel(channels[2] ?? 0), body)).status).toBe(200)
    for (let tries = 1; tries < 10; tries++) {
      await expect.poll(() => weak.heard.length).toBe(tries)
      await expect
        .poll(
          async () =>
            (await lab.as('GET', `${PATHS.deliveries}?channel=${channels[0]}`)).body.rows[0].attempts,
        )
        .toBe(tries)
      lab.clock.advance(61 * MINUTE)
    }
    await expect
      .poll(async () =>
        (await deliveries()).map(({ state, attempts }: { state: string; attempts: number }) => [
          state,
          attempts,
        ]),
      )
      .toEqual([
        ['dropped', 1],
        ['failed', 1],
        ['failed', 10],
      ])
    expect((await lab.as('GET', `${PATHS.deliveries}?state=dropped`)).body.rows).toHaveLength(1)
  })
})

describe('a channel', () => {
  it('never shows its secrets: not in the API, the audit, the log of deliveries or the database', async () => {
    const ear = await ears.http()
    ear.answer = { status: 401 }
    const url = `${ear.url}/very-secret-path`
    const id = await addChannel({ kind: 'webhook', secrets: { url, secret: 'very-secret-key' } })
    await lab.as('PUT', PATHS.channel(id), { kind: 'webhook', name: 'renamed' })
    await lab.as('POST', PATHS.channelTest(id))
    expect(ear.heard).toHaveLength(1)
    const seen = [PATHS.channels, PATHS.audit, PATHS.deliveries, PATHS.rules].map(async (path) =>
      JSON.stringify((await lab.as('GET', path)).body),
    )
    for (const said of await Promise.all(seen)) expect(said).not.toContain('very-secret')
    await lab.stop()
    expect(keptIn(lab.config.data_dir)).not.toContain('very-secret')
  })

  it('does not take its secrets along to another place', async () => {
    const ear = await ears.http()
    const id = await addChannel({ kind: 'gotify', settings: { server: ear.url }, secrets: { token: 'Abc' } })
    const put = (body: Readonly<Record<string, unknown>>) =>
      lab.as('PUT', PATHS.channel(id), { kind: 'gotify', name: 'g', ...body })
    expect(await put({ settings: { server: ear.url } })).toMatchObject({
      status: 200,
      body: { secrets: ['token'] },
    })
    expect(await put({ settings: { server: 'https://elsewhere.example' } })).toMatchObject({
      status: 400,
      body: { code: 'channel.incomplete', message: expect.stringContaining('token') },
    })
  })

  it('is tested on the spot, and says what to do about a private network', async () => {
    const ear = await ears.http()
    await addChannel({ kind: 'ntfy', settings: { server: ear.url, topic: 'warder' } })
    const test = async () => (await lab.as('POST', PATHS.channelTest(1))).body
    expect(await test()).toMatchObject({ ok: true })
    ear.answer = { status: 302, headers: { location: 'http://169.254.169.254/latest' } }
    expect(await test()).toMatchObject({ ok: false, message: expect.stringContaining('is not followed') })
    await restart({ ...lab.config, private_hosts: [] })
    expect(await test()).toEqual({
      ok: false,
      message: '127.0.0.1 is this machine itself: Warder does not connect there by itself.',
      remedy:
        'If that is meant, add "127.0.0.1" to private_hosts in server.toml on the server and restart it.',
    })
    expect(await deliveries()).toMatchObject([
      { state: 'failed' },
      { state: 'failed' },
      { state: 'sent', title: 'Warder: a test' },
    ])
  })

  it('that is removed is told nothing more, and its rules stay without it', async () => {
    const ear = await ears.http()
    const [one, two] = [await webhook(ear), await webhook(ear)]
    await addRule({ channels: [one, two] })
    expect((await lab.as('DELETE', PATHS.channel(one))).status).toBe(204)
    expect((await lab.as('GET', PATHS.rules)).body).toMatchObject([{ channels: [two] }])
    expect((await lab.as('DELETE', PATHS.channel(two))).status).toBe(204)
    expect((await lab.as('GET', PATHS.rules)).body).toMatchObject([{ channels: [] }])
    expect(await lab.as('DELETE', PATHS.channel(two))).toMatchObject({
      status: 404,
      body: { code: 'channel.unknown' },
    })
  })

  it.each([
    [{ kind: 'gotify', name: 'x', settings: { server: 'https://g.example' } }, 'channel.incomplete'],
    [{ kind: 'ntfy', name: 'x', settings: { topic: 'a b' } }, 'input.invalid'],
    [{ kind: 'webhook', name: 'x', secrets: { url: 'file:///etc/passwd' } }, 'input.invalid'],
    [{ kind: 'pigeon', name: 'x' }, 'input.invalid'],
  ])('%j is refused: %s', async (body, code) => {
    expect(await lab.as('POST', PATHS.channels, body)).toMatchObject({ status: 400, body: { code } })
  })
})

describe('a rule', () => {
  it.each([
    [{ channels: [] }, 400, 'input.invalid'],
    [{ channels: [9] }, 404, 'channel.unknown'],
    [{ channels: [1], zone: 'Mars/Base' }, 400, 'input.invalid'],
    [{ channels: [1], quiet: { from: '22:00', to: '22:00' } }, 400, 'input.invalid'],
    [{ channels: [1], topics: ['weather'] }, 400, 'input.invalid'],
  ])('%j is refused: %s %s', async (body, status, code) => {
    const ear = await ears.http()
    await webhook(ear)
    expect(await lab.as('POST', PATHS.rules, body)).toMatchObject({ status, body: { code } })
  })

  it('can be changed and removed; what it collected is told when it is changed', async () => {
    const ear = await ears.http()
    const channel = await webhook(ear)
    const id = await addRule({ channels: [channel], pace: 'daily' })
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    await report(link, node.record(NOON, banned('192.0.2.1', NOON)))
    lab.clock.advance(5_000)
    expect(titles(ear)).toEqual([])
    expect((await lab.as('PUT', PATHS.rule(id), { channels: [channel] })).body).toMatchObject({
      id,
      pace: 'attack',
    })
    await expect.poll(() => titles(ear)).toEqual(['sshd banned 192.0.2.1 on pve1 for 10m'])
    expect((await lab.as('DELETE', PATHS.rule(id))).status).toBe(204)
    expect((await lab.as('GET', PATHS.rules)).body).toEqual([])
    expect((await lab.as('PUT', PATHS.rule(id), { channels: [channel] })).body.code).toBe('rule.unknown')
    const actions = (await lab.as('GET', PATHS.audit)).body.rows.map(
      ({ action }: { action: string }) => action,
    )
    expect(actions.filter((action: string) => /^(rule|channel)/.test(action))).toEqual([
      'rule.remove',
      'rule.change',
      'rule.create',
      'channel.create',
    ])
  })
})

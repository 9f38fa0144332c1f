import { PATHS } from '@warder/protocol/paths'
import { describe, expect, it } from 'vitest'
import { failure, LabNode } from '../lab/agent.ts'
import { Ears } from '../lab/ear.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'

const MINUTE = 60_000
const HOUR = 3_600_000

/** A server with a webhook and a mailbox, each told by one rule of these topics. */
async function telling(topics: readonly string[]) {
  const ears = new Ears()
  const [ear, box] = [await ears.http(), await ears.mail()]
  const lab = await startLab({ config: { private_hosts: ['127.0.0.1'] } })
  const channel = async (body: object): Promise<number> => {
    const made = await lab.as('POST', PATHS.channels, body)
    expect(made).toMatchObject({ status: 200 })
    return made.body.id
  }
  const channels = [
    await channel({ kind: 'webhook', name: 'hook', secrets: { url: `${ear.url}/hook` } }),
    await channel({
      kind: 'email',
      name: 'mail',
      settings: {
        host: '127.0.0.1',
        port: box.port,
        security: 'none',
        from: 'warder@example.org',
        to: ['ops@example.org'],
      },
    }),
  ]
  expect((await lab.as('POST', PATHS.rules, { channels, topics })).status).toBe(200)
  return {
    lab,
    titles: () => ear.heard.map(({ body }) => JSON.parse(body).title as string),
    subjects: () => box.letters.map((letter) => /^Subject: (.*(?:\r\n .*)*)$/m.exec(letter)?.[1] ?? ''),
    async [Symbol.asyncDispose]() {
      await lab[Symbol.asyncDispose]()
      ears[Symbol.dispose]()
    },
  }
}

async function online(lab: Lab, over: Parameters<LabNode['status']>[1] = {}) {
  const node = new LabNode('pve1')
  const { link } = await node.join(lab)
  link.send({ kind: 'status', status: node.status(lab.clock.now(), over) })
  await expect.poll(async () => (await lab.as('GET', PATHS.jails)).body.length).toBe(1)
  return { node, link }
}
const figures = (diskFreeBytes: number) => ({ figures: { lines: 0, matches: 0, queued: 0, diskFreeBytes } })

describe('an alarm goes all the way to a channel', () => {
  it('when a disk is almost full, and when it is not any more', async () => {
    await using told = await telling(['disk-low', 'alarm-over'])
    const { node, link } = await online(told.lab, figures(123_000_000))
    const low = 'pve1 has 123 MB left where the agent keeps its state'
    await expect.poll(told.titles).toEqual([low])
    await expect.poll(told.subjects).toEqual([expect.stringContaining('pve1 has 123 MB left')])
    expect((await told.lab.as('GET', PATHS.node('pve1'))).body.alarms).toMatchObject([
      { kind: 'disk-low', title: low },
    ])
    link.send({ kind: 'status', status: node.status(NOON, figures(9_000_000_000)) })
    told.lab.clock.advance(MINUTE)
    await expect.poll(told.titles).toHaveLength(2)
    const { alarms } = (await told.lab.as('GET', PATHS.node('pve1'))).body
    expect(alarms.map(({ kind }: { kind: string }) => kind)).not.toContain('disk-low')
    await expect
      .poll(async () =>
        (await told.lab.as('GET', PATHS.deliveries)).body.rows.map(({ state }: { state: string }) => state),
      )
      .toEqual(['sent', 'sent', 'sent', 'sent'])
  })

  it('when a jail is silent for longer than usual', async () => {
    await using told = await telling(['jail-silent'])
    const { lab } = told
    const times = Array.from({ length: 73 }, (_, hour) => NOON - 96 * HOUR + hour * HOUR)
    const events = times.map((at, i) => ({
      seq: i + 1,
      at,
      event: structuredClone(failure('203.0.113.9', at)) as never,
    }))
    lab.server.ingestHistory({ node: 'pve1', cluster: 'lab', enrolledAt: NOON - 97 * HOUR, events })
    await online(lab)
    expect(told.titles()).toEqual([])
    lab.clock.advance(30 * MINUTE)
    await expect
      .poll(told.titles)
      .toEqual([expect.stringMatching(/^The jail sshd has been silent on pve1 for/)])
    await expect.poll(told.subjects).toHaveLength(1)
  })

  it('when an agent is lost', async () => {
    await using told = await telling(['node-lost'])
    const { link } = await online(told.lab)
    link.cut()
    await expect.poll(async () => (await told.lab.as('GET', PATHS.node('pve1'))).body.state).toBe('offline')
    told.lab.clock.advance(4 * MINUTE)
    await expect.poll(told.titles).toEqual(['pve1 is lost'])
    await expect.poll(told.subjects).toEqual([expect.stringContaining('pve1 is lost')])
  })
})

import type { NodeEvent } from '@warder/core'
import { describe, expect, it } from 'vitest'
import {
  banSample,
  eventSample,
  failureSample,
  jailSample,
  nodeSample,
  NOW,
  overviewSample,
  timelineSample,
} from '../sample/sample.ts'
import { applyEvent, applyLive } from './apply-event.ts'
import { EMPTY_FLEET, FEED_LIMIT, type Fleet } from './fleet.ts'

const FLEET: Fleet = {
  seq: 10,
  nodes: [nodeSample('pve1'), nodeSample('pve2')],
  jails: [jailSample('pve1', 'sshd'), jailSample('pve2', 'sshd')],
  overview: overviewSample,
  timeline: timelineSample,
  feed: [],
}
const after = (event: NodeEvent, fleet = FLEET): Fleet => applyEvent(fleet, eventSample(11, event))

describe('an event', () => {
  it('that is a failure counts on its node, its jail and in the overview', () => {
    const fleet = after(failureSample())
    expect(fleet.seq).toBe(11)
    expect(fleet.nodes[0]?.failuresLastHour).toBe(3)
    expect(fleet.jails[0]).toMatchObject({ failuresLastDay: 8, lastMatchAt: NOW })
    expect(fleet.overview).toMatchObject({
      failuresLastMinute: 2,
      failuresLastDay: 15,
      lastMatchNode: 'pve1',
      lastMatchJail: 'sshd',
    })
    expect(fleet.feed.map((view) => view.seq)).toEqual([11])
  })

  it('leaves what it is not about as it is, so that it is not drawn again', () => {
    const fleet = after(failureSample())
    expect(fleet.nodes[1]).toBe(FLEET.nodes[1])
    expect(fleet.jails[1]).toBe(FLEET.jails[1])
    expect(after({ kind: 'outbox.gapped', lost: 1 }).nodes).toBe(FLEET.nodes)
  })

  it('that is known already changes nothing', () => {
    const once = after(failureSample())
    expect(applyEvent(once, eventSample(11, failureSample()))).toBe(once)
    expect(applyEvent(once, eventSample(4, failureSample()))).toBe(once)
  })

  it.each<[NodeEvent, number]>([
    [{ kind: 'ban.added', ban: banSample() }, 2],
    [{ kind: 'ban.lifted', jail: 'sshd', ip: '203.0.113.9', by: 'ada' }, 0],
    [{ kind: 'ban.expired', jail: 'sshd', ip: '203.0.113.9' }, 0],
    [{ kind: 'ban.extended', ban: banSample() }, 1],
  ])('%j makes the active bans of its node and jail what they are', (event, bans) => {
    const fleet = after(event)
    expect([fleet.nodes[0]?.activeBans, fleet.jails[0]?.activeBans]).toEqual([bans, bans])
  })

  it('never makes a count negative', () => {
    const lift: NodeEvent = { kind: 'ban.lifted', jail: 'sshd', ip: '203.0.113.9', by: 'ada' }
    const fleet = applyEvent(after(lift), eventSample(12, lift))
    expect(fleet.nodes[0]?.activeBans).toBe(0)
  })

  it.each<[string, NodeEvent, object]>([
    ['applied', { kind: 'settings.applied', revision: 4 }, { state: 'applied', answered: 4, reason: null }],
    [
      'an older revision applied',
      { kind: 'settings.applied', revision: 3 },
      { state: 'pending', answered: 3 },
    ],
    [
      'refused',
      { kind: 'settings.refused', revision: 4, reason: 'no' },
      { state: 'refused', answered: 4, reason: 'no' },
    ],
  ])('says that settings are %s', (_name, event, expected) => {
    const waiting = { wanted: 4, answered: 3, state: 'pending', reason: null } as const
    const fleet = after(event, {
      ...FLEET,
      nodes: [nodeSample('pve1', { revision: waiting })],
      jails: [jailSample('pve1', 'sshd', { revision: waiting })],
    })
    expect(fleet.nodes[0]?.revision).toMatchObject(expected)
    expect(fleet.jails[0]?.revision).toMatchObject(expected)
  })

  it('tells of sources that are lost and come back', () => {
    const lost = after({ kind: 'source.lost', source: 'journal', reason: 'gone' })
    expect(lost.nodes[0]?.sources[0]).toMatchObject({ state: 'lost', reason: 'gone' })
    const back = applyEvent(lost, eventSample(12, { kind: 'source.regained', source: 'journal' }))
    expect(back.nodes[0]?.sources[0]?.state).toBe('reading')
  })

  it('brings what an agent says of its firewall when it starts', () => {
    const firewall = { backend: 'dry-run', enforcing: false, reason: 'no nft' } as const
    expect(after({ kind: 'agent.started', agent: '0.2.0', firewall }).nodes[0]).toMatchObject({
      agent: '0.2.0',
      firewall,
    })
  })

  it('is kept in the feed as long as there is room', () => {
    let fleet: Fleet = EMPTY_FLEET
    for (let seq = 1; seq <= FEED_LIMIT + 5; seq++)
      fleet = applyEvent(fleet, eventSample(seq, failureSample()))
    expect(fleet.feed).toHaveLength(FEED_LIMIT)
    expect(fleet.feed[0]?.seq).toBe(FEED_LIMIT + 5)
  })
})

describe('a message', () => {
  it('hello takes the number over where none is known, or when all is to be read anew', () => {
    expect(applyLive(EMPTY_FLEET, { kind: 'hello', seq: 7, reset: false }).seq).toBe(7)
    expect(applyLive(FLEET, { kind: 'hello', seq: 70, reset: false }).seq).toBe(10)
    expect(applyLive(FLEET, { kind: 'hello', seq: 70, reset: true }).seq).toBe(70)
  })

  it('with events applies them in order', () => {
    const events = [eventSample(11, failureSample()), eventSample(12, failureSample())]
    expect(applyLive(FLEET, { kind: 'events', events })).toMatchObject({
      seq: 12,
      overview: { failuresLastMinute: 3 },
    })
  })

  it('with a node replaces it, or adds it in its place', () => {
    const changed = applyLive(FLEET, { kind: 'node', node: nodeSample('pve2', { state: 'offline' }) })
    expect(changed.nodes.map((node) => node.state)).toEqual(['online', 'offline'])
    const names = ['pve10', 'pve3'].reduce(
      (fleet, name) => applyLive(fleet, { kind: 'node', node: nodeSample(name) }),
      FLEET,
    )
    expect(names.nodes.map((node) => node.name)).toEqual(['pve1', 'pve2', 'pve3', 'pve10'])
  })

  it('that a node was removed takes its jails along', () => {
    const fleet = applyLive(FLEET, { kind: 'node-removed', name: 'pve1' })
    expect([fleet.nodes.length, fleet.jails.length]).toEqual([1, 1])
  })

  it('with the jails of a node replaces those of that node only', () => {
    const fleet = applyLive(FLEET, { kind: 'jails', node: 'pve1', jails: [jailSample('pve1', 'proxmox')] })
    expect(fleet.jails.map((jail) => `${jail.jail} ${jail.node}`)).toEqual(['proxmox pve1', 'sshd pve2'])
  })

  it('that the session ended leaves the fleet alone', () => {
    expect(applyLive(FLEET, { kind: 'signed-out' })).toBe(FLEET)
  })
})

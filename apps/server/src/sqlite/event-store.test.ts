import type { NodeEvent } from '@warder/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { banned, failure } from '../lab/agent.ts'
import { openLabDatabase, planOf, type LabDatabase } from './lab.ts'
import { NOON } from '../lab/server.ts'
import type { EventFilter } from '../events/store.ts'
import { EVENT_SQL, pageSql, whereOf } from './event-store.ts'

let lab: LabDatabase
let node: number
let outbox: number
let outboxSeq = 0
beforeEach(() => {
  lab = openLabDatabase()
  node = lab.stores.nodes.add({ name: 'pve1', cluster: null, enrolledAt: NOON })
  outbox = lab.stores.outboxes.open(node, 'outbox-1').id
})
afterEach(() => lab[Symbol.dispose]())

const ALL: EventFilter = { nodeId: null, jail: null, ip: null, kinds: [] }
const add = (at: number, event: NodeEvent) =>
  lab.stores.events.add({ nodeId: node, outboxId: outbox, outboxSeq: ++outboxSeq, at, event })

describe('events in history', () => {
  it('are listed by time, whatever the order in which they came', () => {
    add(NOON, failure('192.0.2.1', NOON))
    add(NOON - 5_000, failure('192.0.2.2', NOON))
    add(NOON + 5_000, failure('192.0.2.3', NOON))
    expect(lab.stores.events.page(ALL, null, 10).map(({ seq }) => seq)).toEqual([3, 1, 2])
    expect(lab.stores.events.since(0, 10).map(({ seq }) => seq)).toEqual([1, 2, 3])
  })

  it('are found by kind, jail and address, several kinds merged by time', () => {
    for (let i = 0; i < 6; i++)
      add(NOON + i, i % 2 ? banned('192.0.2.1', NOON) : failure('192.0.2.2', NOON, 'proxmox'))
    add(NOON + 9, { kind: 'source.lost', source: '/var/log/auth.log', reason: 'gone' })
    const found = (over: Partial<EventFilter>) => lab.stores.events.page({ ...ALL, ...over }, null, 4)
    expect(found({ kinds: ['ban.added', 'failure.found', 'ban.added'] }).map(({ at }) => at - NOON)).toEqual([
      5, 4, 3, 2,
    ])
    expect(found({ jail: 'sshd' }).map(({ event }) => event.kind)).toEqual([
      'ban.added',
      'ban.added',
      'ban.added',
    ])
    expect(found({ ip: '192.0.2.2' })).toHaveLength(3)
    expect(found({ kinds: ['nothing.like.this'] })).toEqual([])
  })

  it('cannot be there twice', () => {
    const event = failure('192.0.2.1', NOON)
    const twice = () =>
      lab.stores.events.add({ nodeId: node, outboxId: outbox, outboxSeq: 7_000, at: NOON, event })
    twice()
    expect(twice).toThrow(/UNIQUE/)
  })

  it('never get a number again, also when all were forgotten', () => {
    const first = add(NOON, failure('192.0.2.1', NOON))
    expect(lab.stores.events.forget('failures', NOON + 1, 10)).toBe(1)
    expect(add(NOON, failure('192.0.2.1', NOON))).toBe(first + 1)
  })

  it.each([
    ['everything', {}, null, 'events_by_time'],
    ['one kind', {}, 'ban.added', 'events_by_kind'],
    ['a node', { nodeId: 1 }, null, 'events_by_node'],
    ['a jail', { jail: 'sshd' }, null, 'events_by_jail'],
    ['an address', { ip: '192.0.2.1' }, null, 'events_by_ip'],
  ])('are read from an index without sorting: %s', (_name, over, kind, index) => {
    const where = whereOf({ ...ALL, ...over }, kind).and('(at, seq) < (?, ?)', NOON, 5)
    const plan = planOf(lab.db, pageSql(where), [...where.params, 101])
    expect(plan).toContain(index)
    expect(plan).not.toContain('TEMP B-TREE')
  })

  it.each([
    ['since', 'USING INTEGER PRIMARY KEY'],
    ['forget', 'events_by_kind'],
    ['nthFailure', 'events_by_kind'],
    ['nthOther', 'events_by_time'],
  ] as const)('answer "%s" from %s', (name, index) => {
    expect(planOf(lab.db, EVENT_SQL[name])).toContain(index)
  })

  it('know their ends without reading all of them', () => {
    expect(planOf(lab.db, EVENT_SQL.ends)).toMatch(/SEARCH events[\s\S]*SEARCH events/)
  })
})

import { EMPTY_TUNING } from '@warder/core'
import { expect } from 'vitest'
import { NOON } from '../lab/server.ts'
import { DAY_MS, MINUTE_MS } from '../timeline/buckets.ts'
import type { Stores } from './stores.ts'

/** What is written, and what must be there when the storage is opened again. */
export interface Subject {
  write(stores: Stores): void
  check(stores: Stores): void
}

const nodeIn = ({ nodes }: Stores): number =>
  nodes.byName('pve1')?.id ?? nodes.add({ name: 'pve1', cluster: 'lab', enrolledAt: NOON })

const somebody = ({ operators }: Stores): number =>
  operators.byName('ada')?.id ??
  operators.add({ name: 'ada', password: 'a hash', role: 'admin', realm: null, at: NOON })

/** The subjects other than events, bans and counters, each with what its feature counts on. */
export const SUBJECTS: Readonly<Record<string, Subject>> = {
  'settings: whole numbered documents, only ever appended': {
    write({ tuning }) {
      for (const revision of [1, 2, 3]) {
        const document = { ...EMPTY_TUNING, fleet: { sshd: { maxretry: revision } } }
        const made = {
          revision,
          at: NOON + revision,
          by: 'ada',
          reason: null,
          summary: `no ${revision}`,
          confirmWithin: null,
        }
        tuning.add(made, document)
      }
      expect(() =>
        tuning.add(
          { revision: 3, at: NOON, by: 'bob', reason: null, summary: '', confirmWithin: null },
          EMPTY_TUNING,
        ),
      ).toThrow()
    },
    check({ tuning }) {
      expect(tuning.newest()).toMatchObject({
        revision: 3,
        by: 'ada',
        document: { fleet: { sshd: { maxretry: 3 } } },
      })
      expect(tuning.byNumber(2)?.document.fleet['sshd']).toEqual({ maxretry: 2 })
      expect(tuning.byNumber(9)).toBeNull()
      expect(tuning.page(null, 2).map(({ revision }) => revision)).toEqual([3, 2])
      expect(tuning.page({ at: NOON + 2, id: 2 }, 2).map(({ revision }) => revision)).toEqual([1])
    },
  },
  'answers of nodes to revisions, the last of each': {
    write(stores) {
      const node = nodeIn(stores)
      stores.answers.put(1, node, { at: NOON, state: 'refused', reason: 'no such filter' })
      stores.answers.put(1, node, { at: NOON + 1, state: 'applied', reason: null })
    },
    check({ answers }) {
      expect(answers.of(1)).toEqual([{ node: 'pve1', at: NOON + 1, state: 'applied', reason: null }])
      expect(answers.of(2)).toEqual([])
    },
  },
  'successful logins: counted by address and hour, asked about by address or subnet, forgotten by age': {
    write(stores) {
      const node = nodeIn(stores)
      const login = (ip: string, succeededAt: number, user: string, count = 1): void =>
        stores.successes.add(node, NOON, {
          kind: 'success.found',
          jail: 'sshd',
          ip,
          succeededAt,
          user,
          count,
        })
      login('203.0.113.9', NOON - 2 * MINUTE_MS, 'ada', 2)
      login('203.0.113.9', NOON - MINUTE_MS, 'ada')
      login('203.0.113.77', NOON - 8 * DAY_MS, 'bob')
      // No clock is right about the future.
      login('198.51.100.1', NOON + DAY_MS, 'eve')
      expect(stores.successes.forget(NOON - 7 * DAY_MS, 10)).toBe(1)
    },
    check({ successes }) {
      const [since, nobody] = [NOON - 7 * DAY_MS, null]
      expect(successes.seen('203.0.113.9', since)).toEqual({
        count: 3,
        lastAt: NOON - MINUTE_MS,
        users: ['ada'],
        jails: ['sshd'],
        nodes: ['pve1'],
      })
      expect(successes.seen('203.0.113.0/24', since)?.count).toBe(3)
      expect(successes.seen('203.0.113.77', 0)).toBe(nobody)
      expect(successes.seen('203.0.113.9', NOON)).toBe(nobody)
      expect(successes.seen('198.51.100.1', since)?.lastAt).toBe(NOON)
      expect(successes.seenOf(['203.0.113.9', '192.0.2.1'], since).map(([ip]) => ip)).toEqual(['203.0.113.9'])
    },
  },
  'the audit: appended, with before and after, newest first': {
    write({ audit }) {
      for (let i = 1; i <= 5; i++)
        audit.add({
          at: NOON + i,
          actor: 'ada',
          address: '192.0.2.1',
          action: 'jail.change',
          target: `jail${i}`,
          before: { a: i },
          after: null,
        })
    },
    check({ audit }) {
      const first = audit.page(null, 2)
      expect(first).toMatchObject([{ target: 'jail5', before: { a: 5 } }, { target: 'jail4' }])
      const last = first.at(-1)
      expect(audit.page({ at: last?.at ?? 0, id: last?.id ?? 0 }, 9).map(({ target }) => target)).toEqual([
        'jail3',
        'jail2',
        'jail1',
      ])
    },
  },
  'accounts, their sessions and factors, that go together': {
    write(stores) {
      const { operators, sessions, factors } = stores
      const ada = somebody(stores)
      const bob = operators.add({ name: 'bob', password: '', role: 'viewer', realm: null, at: NOON })
      expect(() =>
        operators.add({ name: 'bob', password: '', role: 'viewer', realm: null, at: NOON }),
      ).toThrow()
      for (const [operatorId, hash] of [
        [ada, 'one'],
        [bob, 'two'],
      ] as const)
        sessions.open({
          id: hash,
          hash,
          operatorId,
          address: '192.0.2.1',
          agent: 'a browser',
          createdAt: NOON,
          endsAt: NOON + DAY_MS,
        })
      factors.want(ada, Buffer.from('a key'))
      factors.confirm(ada, 7)
      factors.setCodes(ada, ['first', 'second'])
      operators.remove(bob)
    },
    check({ operators, sessions, factors }) {
      const ada = operators.byName('ada')
      expect(ada).toMatchObject({ role: 'admin', password: 'a hash' })
      expect(operators.count()).toBe(1)
      expect(sessions.byHash('one')).toMatchObject({ operator: 'ada' })
      expect(sessions.byHash('two')).toBeNull()
      const id = ada?.id ?? 0
      expect(factors.of(id)).toMatchObject({ state: 'on', key: Buffer.from('a key'), lastStep: 7 })
      // Each code is good for one use, and no step for two.
      expect([factors.useCode(id, 'first'), factors.useCode(id, 'first'), factors.codesLeft(id)]).toEqual([
        true,
        false,
        1,
      ])
      expect([factors.use(id, 7), factors.use(id, 8), factors.use(id, 8)]).toEqual([false, true, false])
    },
  },
  'tokens, until they are revoked or over': {
    write(stores) {
      const operatorId = somebody(stores)
      const token = {
        operatorId,
        operator: 'ada',
        role: 'admin',
        scopes: ['read'],
        createdAt: NOON,
        createdBy: 'ada',
      } as const
      for (const [id, expiresAt] of [
        ['a', null],
        ['b', NOON + MINUTE_MS],
        ['c', null],
      ] as const)
        stores.tokens.add({ ...token, scopes: [...token.scopes], id, name: id, expiresAt }, `hash of ${id}`)
      stores.tokens.revoke('c', NOON)
    },
    check({ tokens }) {
      expect(
        tokens
          .usable(NOON)
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(['a', 'b'])
      expect(tokens.usable(NOON + DAY_MS).map(({ id }) => id)).toEqual(['a'])
      expect(tokens.byHash('hash of a')).toMatchObject({ id: 'a', scopes: ['read'] })
      expect(tokens.byHash('hash of nobody')).toBeNull()
    },
  },
  'join codes, good for one use in their time': {
    write({ enrolment }) {
      enrolment.addCode('good', { createdAt: NOON, expiresAt: NOON + MINUTE_MS })
      enrolment.addCode('late', { createdAt: NOON, expiresAt: NOON })
    },
    check({ enrolment }) {
      expect(enrolment.useCode('late', 'pve1', NOON + 1)).toBe(false)
      expect(enrolment.useCode('good', 'pve1', NOON + 1)).toBe(true)
      expect(enrolment.useCode('good', 'pve2', NOON + 1)).toBe(false)
      expect(enrolment.useCode('unknown', 'pve1', NOON)).toBe(false)
    },
  },
  'orders, until their node has finished them': {
    write(stores) {
      const nodeId = nodeIn(stores)
      for (const id of ['first', 'second']) {
        const order = { kind: 'lift', id, ip: '192.0.2.1', jail: null, by: 'ada', issuedAt: NOON } as const
        stores.orders.add({ nodeId, order, issuedAt: NOON, keepUntil: NOON + DAY_MS })
      }
      stores.orders.finish('first', { nodeId, at: NOON + 1, changed: 1 })
    },
    check(stores) {
      const nodeId = nodeIn(stores)
      expect(stores.orders.unfinished(nodeId, NOON).map(({ id }) => id)).toEqual(['second'])
      expect(stores.orders.unfinished(nodeId, NOON + 2 * DAY_MS)).toEqual([])
      expect(stores.orders.byId('first', nodeId)).toMatchObject({ kind: 'lift', ip: '192.0.2.1' })
      expect(stores.orders.byId('first', nodeId + 1)).toBeNull()
    },
  },
  'lists with entries, found by what contains them and gone with their list': {
    write({ lists, entries }) {
      const wish = { kind: 'deny', note: '', url: null, hours: 24 } as const
      const kept = lists.add({ ...wish, name: 'kept' }, 'ada', NOON)
      const gone = lists.add({ ...wish, name: 'gone' }, 'ada', NOON)
      const entry = { note: 'a Net', addedAt: NOON, addedBy: 'ada', fetched: false }
      for (const [ip, until] of [
        ['192.0.2.0/24', null],
        ['198.51.100.7', NOON + MINUTE_MS],
        ['2001:db8::/32', null],
      ] as const)
        for (const id of [kept, gone]) entries.put(id, { ...entry, ip, until })
      entries.put(kept, { ...entry, ip: '192.0.2.0/24', until: null, note: 'said anew' })
      lists.bump('stamp')
      lists.remove(gone)
    },
    check({ lists, entries }) {
      expect(lists.all().map(({ name }) => name)).toEqual(['kept'])
      expect(lists.state()).toMatchObject({ revision: 1, stamp: 'stamp' })
      const listId = lists.byName('kept')?.id ?? 0
      const all = { listId, target: null, search: null, now: NOON }
      expect(entries.counts(NOON)).toEqual(new Map([[listId, 3]]))
      expect(entries.count({ ...all, now: NOON + DAY_MS })).toBe(2)
      const [first] = entries.page(all, null, 1)
      expect(first).toMatchObject({ ip: '192.0.2.0/24', note: 'said anew', until: null })
      expect(entries.page(all, first ?? null, 9)).toHaveLength(2)
      expect(entries.page({ ...all, target: '192.0.2.9' }, null, 9).map(({ ip }) => ip)).toEqual([
        '192.0.2.0/24',
      ])
      expect(entries.count({ ...all, search: 'NET' })).toBe(2)
      expect(entries.count({ ...all, search: '%' })).toBe(0)
    },
  },
  'calls with a key, answered as before': {
    write({ keys }) {
      keys.begin('ada', 'k', { at: NOON, fingerprint: 'POST /bans' })
      keys.finish('ada', 'k', { status: 201, type: 'application/json', etag: null, body: '{}' })
    },
    check({ keys }) {
      expect(keys.get('ada', 'k')).toMatchObject({
        fingerprint: 'POST /bans',
        answer: { status: 201, body: '{}' },
      })
      expect(keys.get('bob', 'k')).toBeNull()
      keys.forget(NOON + 1)
      expect(keys.get('ada', 'k')).toBeNull()
    },
  },
  'channels with sealed secrets, and what is to be delivered': {
    write({ channels, deliveries }) {
      const secrets = { token: 'very-secret' }
      const id = channels.add({
        kind: 'gotify',
        name: 'phone',
        enabled: true,
        settings: { server: 'https://g' },
        secrets,
      })
      const notification = {
        topic: 'test',
        severity: 'info',
        title: 't',
        text: 'x',
        count: 1,
        from: NOON,
        until: NOON,
        nodes: [],
        jails: [],
        addresses: [],
      } as const
      for (const at of [NOON + 1, NOON]) deliveries.add({ id, name: 'phone' }, notification, at)
    },
    check({ channels, deliveries }) {
      const [channel] = channels.all()
      expect(channel).toMatchObject({
        name: 'phone',
        secretNames: ['token'],
        secrets: { token: 'very-secret' },
      })
      const due = deliveries.due(NOON + 5, 9)
      expect(due).toHaveLength(2)
      const [first] = due
      deliveries.tried(first?.id ?? 0, {
        state: 'sent',
        attempts: 1,
        problem: null,
        nextAt: null,
        at: NOON + 6,
      })
      expect(deliveries.due(NOON + 7, 9)).toHaveLength(1)
      expect(deliveries.page({ state: 'sent' }, null, 9)).toHaveLength(1)
    },
  },
  'a silence in place of the one before': {
    write({ silence }) {
      silence.put({ from: NOON, until: NOON + MINUTE_MS, by: 'ada', critical: true })
      silence.put({ from: NOON, until: NOON + 2 * MINUTE_MS, by: 'bob', critical: false })
    },
    check({ silence }) {
      expect(silence.get()).toEqual({ from: NOON, until: NOON + 2 * MINUTE_MS, by: 'bob', critical: false })
      silence.put(null)
      expect(silence.get()).toBeNull()
    },
  },
  'shares of bans, one for each target of a cluster': {
    write({ shares }) {
      const share = {
        cluster: 'lab',
        jail: 'sshd',
        ip: '192.0.2.1',
        at: NOON,
        body: { nodes: ['pve1'], own: [], policy: 'cluster' },
      }
      shares.put({ ...share, id: 'one', until: NOON + MINUTE_MS })
      shares.put({ ...share, id: 'two', until: null })
      shares.put({ ...share, id: 'three', ip: '192.0.2.2', until: NOON })
      shares.addLift({ ip: '192.0.2.9', jail: null, issuedAt: NOON })
    },
    check({ shares }) {
      expect(shares.find('lab', 'sshd', '192.0.2.1')).toMatchObject({
        id: 'two',
        until: null,
        body: { nodes: ['pve1'] },
      })
      expect(shares.inForce('lab', NOON + 1, 9).map(({ id }) => id)).toEqual(['two'])
      expect(shares.count('other', NOON)).toBe(0)
      expect(shares.lifts()).toEqual([{ ip: '192.0.2.9', jail: null, issuedAt: NOON }])
      shares.forget(NOON + 1, NOON + 1)
      expect(shares.find('lab', 'sshd', '192.0.2.2')).toBeNull()
      expect(shares.lifts()).toEqual([])
    },
  },
}

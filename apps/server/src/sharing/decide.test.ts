import type { SharingPolicy } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { decideBan, decideTogether, type BanFacts, type OwnBan } from './decide.ts'

const NOW = 1_795_176_000_000
const MINUTE = 60_000
const own = (nodeId: number, over: Partial<OwnBan> = {}): OwnBan => ({
  nodeId,
  node: `pve${nodeId}`,
  at: NOW - MINUTE,
  until: NOW + 9 * MINUTE,
  ...over,
})

interface Given extends Partial<Omit<BanFacts, 'past' | 'ban'>> {
  readonly origin?: 'detected' | 'operator' | 'shared'
  readonly until?: number | null
  readonly standing?: { readonly until: number | null } | null
  readonly liftedAt?: number | null
}

const decided = (given: Given): string => {
  const { origin = 'detected', until = NOW + 9 * MINUTE, standing = null, liftedAt = null, ...rest } = given
  const verdict = decideBan({
    ban: { origin, until },
    at: NOW - MINUTE,
    policy: 'cluster',
    own: [own(1)],
    past: { standing, liftedAt, now: NOW },
    ...rest,
  })
  if (verdict.kind === 'not') return verdict.why
  const left = verdict.until === null ? 'ever' : `${(verdict.until - NOW) / MINUTE}m`
  return `shared for ${left}, known to ${verdict.own.map(({ nodeId }) => nodeId).join(' ')}`
}

describe('whether a ban is shared', () => {
  it.each<[string, Given, string]>([
    ['one of a node by itself', {}, 'shared for 9m, known to 1'],
    ['one without an end', { until: null, own: [own(1, { until: null })] }, 'shared for ever, known to 1'],
    ['a local one', { policy: 'local' }, 'local'],
    ['one that was shared: there is no way round', { origin: 'shared' }, 'not its own'],
    ['one of an operator, who names the nodes', { origin: 'operator' }, 'not its own'],
    ['one that was over when it was reported', { until: NOW - 1, own: [own(1, { until: NOW - 1 })] }, 'over'],
    ['one that ends now', { until: NOW, own: [own(1, { until: NOW })] }, 'over'],
    ['the first of two nodes', { policy: 'after 2 nodes' }, 'too few'],
    [
      'the second of two nodes',
      { policy: 'after 2 nodes', own: [own(1), own(2)] },
      'shared for 9m, known to 1 2',
    ],
    ['twice of the same node', { policy: 'after 2 nodes', own: [own(1), own(1)] }, 'too few'],
    [
      'the longer one of two: the node with the shorter is told',
      { policy: 'after 2 nodes', own: [own(1, { until: NOW + 30 * MINUTE }), own(2)] },
      'shared for 30m, known to 1',
    ],
    ['one that is shared already', { standing: { until: NOW + 9 * MINUTE } }, 'known'],
    ['one that ends a moment after the shared one', { standing: { until: NOW + 8.5 * MINUTE } }, 'known'],
    [
      'one that ends well after the shared one',
      { standing: { until: NOW + 5 * MINUTE } },
      'shared for 9m, known to 1',
    ],
    ['one beside a share without an end', { until: null, standing: { until: null } }, 'known'],
    ['one that was lifted after it was made', { liftedAt: NOW - 1 }, 'lifted'],
    ['one that was lifted in the moment it was made', { liftedAt: NOW - MINUTE }, 'lifted'],
    ['one that was made after the lift', { liftedAt: NOW - MINUTE - 1 }, 'shared for 9m, known to 1'],
    [
      'the second of two, the first one lifted',
      {
        policy: 'after 2 nodes',
        own: [own(1, { at: NOW - 5 * MINUTE }), own(2)],
        liftedAt: NOW - 2 * MINUTE,
      },
      'too few',
    ],
  ])('%s', (_, given, expected) => expect(decided(given)).toBe(expected))

  /** All orders in which a ban, its report and a lift can happen: the lift wins exactly when it came after the ban. */
  const orders = ['ban', 'report', 'lift'].flatMap((a, _, all) =>
    all.flatMap((b) => all.filter((c) => new Set([a, b, c]).size === 3).map((c) => [a, b, c])),
  )
  it.each(orders.filter((order) => order.indexOf('ban') < order.indexOf('report')))(
    'when there is a %s, then a %s, then a %s',
    (...order) => {
      const when = (what: string): number => NOW - 3 * MINUTE + order.indexOf(what) * MINUTE
      const [at, now, lift] = [when('ban'), when('report'), when('lift')]
      const verdict = decideBan({
        ban: { origin: 'detected', until: at + 10 * MINUTE },
        at,
        policy: 'cluster',
        own: [own(1, { at, until: at + 10 * MINUTE })],
        past: { standing: null, liftedAt: lift < now ? lift : null, now },
      })
      const isLiftedBeforeReport = order.indexOf('ban') < order.indexOf('lift') && lift < now
      expect(verdict.kind).toBe(isLiftedBeforeReport ? 'not' : 'share')
    },
  )
})

describe('whether failures add up to a ban on all nodes', () => {
  const ticket = {
    failures: 3,
    first: NOW - MINUTE,
    last: NOW - 1_000,
    maxretry: 3,
    findtime: 600,
    users: [],
    lines: [],
  }
  const past = { standing: null, liftedAt: null, now: NOW }
  it.each<[string, { nodes?: number; policy?: SharingPolicy; bantime?: number; past?: object }, string]>([
    ['of three nodes', {}, 'share'],
    ['of one node: it decides itself', { nodes: 1 }, 'too few'],
    ['under a policy that does not count together', { policy: 'after 1 node' }, 'local'],
    ['that were lifted since', { past: { liftedAt: NOW } }, 'lifted'],
    ['whose ban would be over', { bantime: 1 }, 'over'],
    ['of one that is shared already', { past: { standing: { until: NOW + 10 * MINUTE } } }, 'known'],
    ['for ever', { bantime: -1 }, 'share'],
  ])('%s', (_, { nodes = 3, policy = 'cluster', bantime = 600, past: over }, expected) => {
    const verdict = decideTogether({ ticket, nodes, policy, bantime, past: { ...past, ...over } })
    expect(verdict.kind === 'not' ? verdict.why : verdict.kind).toBe(expected)
  })
})

import type { Suspended, SuspensionWish } from '@warder/protocol'
import { describe, expect, it } from 'vitest'
import { parseWish } from './cluster-file.ts'
import { decideFound, decideWish, type Found } from './decide.ts'

const NOW = 1_795_176_000_000
const HOUR = 3_600_000
const current = (source: Suspended['source']): Suspended => ({
  since: NOW,
  until: NOW + HOUR,
  by: 'ada',
  source,
})
const wish = (over: Partial<SuspensionWish> = {}): SuspensionWish => ({
  id: 'w',
  until: NOW + HOUR,
  by: 'ada',
  ...over,
})
const found = (over: Partial<SuspensionWish> = {}): Found => ({ kind: 'wish', wish: wish(over) })

describe('a wish to block nobody', () => {
  it.each<[string, SuspensionWish, Suspended | null, string | null, string]>([
    ['is followed', wish(), null, null, 'suspend'],
    ['is followed once', wish(), null, 'w', 'nothing'],
    ['takes the place of another', wish(), current('node'), 'v', 'suspend'],
    ['is left when its time is over', wish({ until: NOW }), null, null, 'nothing'],
    ['to resume is followed, whoever suspended', wish({ until: null }), current('cluster'), 'v', 'resume'],
    ['to resume changes nothing where all is blocked', wish({ until: null }), null, null, 'nothing'],
  ])('%s', (_, one, now, handled, kind) =>
    expect(decideWish(one, 'server', { current: now, handled, now: NOW }).kind).toBe(kind),
  )

  it('lasts for a day at most', () => {
    const decision = decideWish(wish({ until: NOW + 1_000 * HOUR }), 'cluster', {
      current: null,
      handled: null,
      now: NOW,
    })
    expect(decision).toMatchObject({ suspended: { until: NOW + 24 * HOUR, source: 'cluster' } })
  })
})

describe("a look at the cluster's file", () => {
  it.each<[string, Found, Suspended | null, string | null, string]>([
    ['with a new wish', found(), null, null, 'suspend'],
    ['with one that was ended on this node', found(), null, 'w', 'nothing'],
    ['that is gone, after it was followed', { kind: 'none' }, current('cluster'), 'w', 'resume'],
    ['that is gone, while somebody else suspends', { kind: 'none' }, current('node'), null, 'nothing'],
    ['that cannot be read', { kind: 'unreadable', reason: 'it hangs' }, current('cluster'), 'w', 'nothing'],
  ])('%s', (_, one, now, handled, kind) =>
    expect(decideFound(one, { current: now, handled, now: NOW }).kind).toBe(kind),
  )

  it.each([
    '',
    'panic',
    '{}',
    '[]',
    '{"id":"a","until":"soon","by":"x"}',
    '{"id":"a","until":1,"by":"x","run":"rm"}',
  ])('does not obey %j', (text) => expect(parseWish(text).kind).toBe('unreadable'))
})

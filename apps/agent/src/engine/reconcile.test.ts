import type { Ban } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { reconcile } from './reconcile.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const DAY = 24 * HOUR
const longestS = 3_650 * 86_400
const ban = (ip: string, until: number | null): Ban => ({
  jail: 'sshd',
  ip,
  at: NOW,
  until,
  origin: 'detected',
})
const held = (ip: string, until: number | null, jail = 'sshd') => ({ jail, ip, until })
const A = '192.0.2.1'
const B = '192.0.2.2'

describe('wanted against enforced', () => {
  it.each([
    ['nothing at all', [], [], [], 0, 0],
    ['the same', [ban(A, NOW + HOUR)], [held(A, NOW + HOUR - 900)], [], 0, 0],
    ['the same without an end', [ban(A, null)], [held(A, null)], [], 0, 0],
    [
      'longer than a kernel counts',
      [ban(A, NOW + 99_999 * 24 * HOUR)],
      [held(A, NOW + 3_650 * 24 * HOUR)],
      [],
      0,
      0,
    ],
    [
      'longer than that, and renewed halfway',
      [ban(A, NOW + 99_999 * DAY)],
      [held(A, NOW + 1_800 * DAY)],
      ['add'],
      0,
      0,
    ],
    ['longer than that no more', [ban(A, NOW + 3_600 * DAY)], [held(A, NOW + 3_500 * DAY)], ['add'], 0, 0],
    ['longer than that, and cut short', [ban(A, NOW + 99_999 * DAY)], [held(A, NOW + DAY)], ['add'], 1, 0],
    ['in force in one place of two', [ban(A, null)], [{ ...held(A, null), partly: true }], ['add'], 1, 0],
    ['missing', [ban(A, NOW + HOUR)], [], ['add'], 1, 0],
    ['in another jail only', [ban(A, null)], [held(A, null, 'web')], ['remove', 'add'], 1, 1],
    ['with another end', [ban(A, NOW + HOUR)], [held(A, NOW + 2 * HOUR)], ['add'], 1, 0],
    ['with an end that it should not have', [ban(A, null)], [held(A, NOW + HOUR)], ['add'], 1, 0],
    ['unknown', [ban(A, null)], [held(A, null), held(B, null)], ['remove'], 0, 1],
    ['ended, and not in force', [ban(A, NOW - 1)], [], [], 0, 0],
    ['about to end, and gone already', [ban(A, NOW + 1_500)], [], [], 0, 0],
    ['ended for us, not yet for the kernel', [], [held(A, NOW + 900)], [], 0, 0],
  ] as const)('%s', (_, wanted, enforced, kinds, missing, foreign) => {
    const repair = reconcile({ wanted, enforced, longestS }, NOW)
    expect(repair.changes.map(({ kind }) => kind)).toEqual(kinds)
    expect([repair.missing.length, repair.foreign]).toEqual([missing, foreign])
  })

  it('says nothing about what changed meanwhile', () => {
    const except = new Set([`sshd ${A}`, `sshd ${B}`])
    const repair = reconcile({ wanted: [ban(A, null)], enforced: [held(B, null)], longestS, except }, NOW)
    expect(repair.changes).toEqual([])
  })
})

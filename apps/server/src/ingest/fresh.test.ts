import type { OutboxEvent } from '@warder/protocol'
import { describe, expect, it } from 'vitest'
import { freshOf } from './fresh.ts'

const plain = (seq: number): OutboxEvent => ({
  seq,
  at: 0,
  event: { kind: 'ban.expired', jail: 'sshd', ip: '192.0.2.1' },
})
const gapped = (seq: number): OutboxEvent => ({ seq, at: 0, event: { kind: 'outbox.gapped', lost: 1 } })

describe('what is new in a batch', () => {
  it.each([
    ['all of the next', [plain(1), plain(2)], 0, [1, 2]],
    ['nothing that is known', [plain(1), plain(2)], 2, []],
    ['the rest of an overlap', [plain(1), plain(2), plain(3)], 2, [3]],
    ['one of twins', [plain(1), plain(1), plain(2)], 0, [1, 2]],
    ['what comes behind a gap that is told of', [gapped(10), plain(11)], 4, [10, 11]],
    ['a gap told of in the middle', [plain(1), gapped(9), plain(10)], 0, [1, 9, 10]],
  ])('is %s', (_name, events, acked, seqs) => {
    const fresh = freshOf(events, acked)
    expect(fresh.ok && fresh.events.map(({ seq }) => seq)).toEqual(seqs)
  })

  it.each([
    ['at the beginning', [plain(2)], 0, 1],
    ['in the middle', [plain(1), plain(3)], 0, 2],
    ['behind a gap that is told of', [gapped(5), plain(7)], 0, 6],
  ])('is nothing where a number is missing %s', (_name, events, acked, expected) => {
    expect(freshOf(events, acked)).toEqual({ ok: false, expected })
  })
})

import { describe, expect, it } from 'vitest'
import { afterAck, afterSending, hasRoom, openWindow, sentUpTo, WINDOW_MESSAGES } from './send-window.ts'

const sent = (...lasts: readonly number[]) => lasts.reduce(afterSending, openWindow(10))

describe('the window of what is on its way', () => {
  it('begins after what the server has', () => {
    expect([sentUpTo(openWindow(10)), hasRoom(openWindow(10))]).toEqual([10, true])
  })

  it('is full after a number of messages, and has room again after an acknowledgement', () => {
    const full = sent(20, 30, 40, 50)
    expect(full.flying.length).toBe(WINDOW_MESSAGES)
    expect(hasRoom(full)).toBe(false)
    expect(hasRoom(afterAck(full, 20))).toBe(true)
    expect(sentUpTo(afterAck(full, 20))).toBe(50)
  })

  it.each([
    ['of the first message', 20, { acked: 20, flying: [30] }],
    ['of both', 30, { acked: 30, flying: [] }],
    ['of half a message', 25, { acked: 25, flying: [30] }],
    ['that is old', 10, { acked: 10, flying: [20, 30] }],
    ['of what was never sent', 31, { acked: 10, flying: [20, 30] }],
  ])('takes an acknowledgement %s', (_, acked, window) => {
    expect(afterAck(sent(20, 30), acked)).toEqual(window)
  })
})

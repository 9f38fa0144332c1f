import { describe, expect, it } from 'vitest'
import { fromCursor, toCursor, toPage } from './cursor.ts'
import { isForeign } from './origin.ts'
import { Throttle, whoOf } from './throttle.ts'

describe('throttles', () => {
  it('allow so many tries in any window', () => {
    const throttle = new Throttle(2, 1_000)
    expect([0, 1, 2, 999].map((now) => throttle.take('a', now))).toEqual([true, true, false, false])
    expect(throttle.take('b', 2)).toBe(true)
    expect([1_000, 1_000, 1_001].map((now) => throttle.take('a', now))).toEqual([true, false, true])
  })

  it('give a good try back', () => {
    const throttle = new Throttle(1, 1_000)
    for (let i = 0; i < 5; i++) {
      expect(throttle.take('a', i)).toBe(true)
      throttle.giveBack('a')
    }
  })

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ])('count %s as %s', (address, who) => expect(whoOf(address)).toBe(who))
})

describe('cursors', () => {
  it('lead back to where they came from', () => {
    expect(fromCursor(toCursor({ at: 1_700_000_000_000, id: 42 }))).toEqual({ at: 1_700_000_000_000, id: 42 })
    expect(fromCursor(undefined)).toBeNull()
  })

  it.each([
    [''],
    ['x'],
    [toCursor({ at: 1, id: -1 })],
    [Buffer.from('1.2.3').toString('base64url')],
    ['A'.repeat(200)],
  ])('that are none are refused: %j', (cursor) =>
    expect(() => fromCursor(cursor)).toThrow('not made by this server'),
  )

  it('are given only where more is to come', () => {
    const placeOf = (id: number) => ({ at: 0, id })
    expect(toPage([3, 2, 1], 2, placeOf)).toEqual({ rows: [3, 2], next: toCursor({ at: 0, id: 2 }) })
    expect(toPage([3, 2], 2, placeOf)).toEqual({ rows: [3, 2], next: null })
    expect(toPage([], 2, placeOf)).toEqual({ rows: [], next: null })
  })
})

describe('origins', () => {
  it.each([
    [{ origin: 'https://warder.example', site: undefined, host: 'warder.example' }, false],
    [{ origin: 'https://warder.example:8008', site: 'same-origin', host: 'warder.example:8008' }, false],
    [{ origin: 'http://[2001:db8::1]:8008', site: undefined, host: '[2001:db8::1]:8008' }, false],
    [{ origin: 'https://warder.example', site: undefined, host: 'warder.example:8008' }, true],
    [{ origin: 'nonsense', site: undefined, host: 'nonsense' }, true],
    [{ origin: undefined, site: 'none', host: 'x' }, false],
    [{ origin: undefined, site: 'same-site', host: 'x' }, true],
    [{ origin: undefined, site: undefined, host: 'x' }, false],
  ])('%j is foreign: %s', (from, foreign) => expect(isForeign(from, [])).toBe(foreign))
})

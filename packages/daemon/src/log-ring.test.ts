import { describe, expect, it } from 'vitest'
import { LogRing } from './log-ring.ts'
import { makeLogger } from './logger.ts'

/** A line as the logger writes it. */
const line = (msg: string, more: object = {}): string =>
  `${JSON.stringify({ level: 30, time: '2026-11-20T14:03:00.000Z', name: 'warder', ...more, msg })}\n`
const texts = (ring: LogRing, limit?: number): readonly string[] => ring.newest(limit).map(({ text }) => text)

describe('the last lines of a log', () => {
  it('are kept in order, as many as there is room for', () => {
    const ring = new LogRing(3)
    expect(texts(ring)).toEqual([])
    ring.add(line('a'))
    ring.add(line('b'))
    expect(texts(ring)).toEqual(['a', 'b'])
    ring.add(line('c'))
    ring.add(line('d'))
    expect(texts(ring)).toEqual(['b', 'c', 'd'])
    expect(texts(ring, 2)).toEqual(['c', 'd'])
  })

  it.each([
    [20, 'debug'],
    [30, 'info'],
    [40, 'warn'],
    [50, 'error'],
    [60, 'error'],
  ])('of level %i are %s, with their fields', (level, word) => {
    const ring = new LogRing(1)
    ring.add(line('connected', { level, part: 'link', node: 'pve1', tries: 3 }))
    expect(ring.newest()).toEqual([
      { at: Date.UTC(2026, 10, 20, 14, 3), level: word, part: 'link', text: 'connected node=pve1 tries=3' },
    ])
  })

  it('are bounded, however long they were', () => {
    const ring = new LogRing(2)
    ring.add(line('x'.repeat(100_000)))
    expect(ring.newest()).toEqual([
      { at: Date.UTC(2026, 10, 20, 14, 3), level: 'info', part: null, text: 'x'.repeat(1_000) },
    ])
  })

  it('come from the logger without secrets, also where nothing of them is written out', () => {
    const kept = new LogRing(10)
    const log = makeLogger({ name: 'warder', level: 'info', form: 'json', kept, writtenFrom: 'error' })
    log.debug('too little')
    log.child({ part: 'link' }).info({ token: 'wdr_secret' }, 'connected')
    expect(kept.newest()).toEqual([
      { at: expect.any(Number), level: 'info', part: 'link', text: 'connected token=[Redacted]' },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { IgnoredLog } from './ignored-log.ts'

const eventOf = (ip: string, jail = 'sshd', reason: 'ignoreip' | 'loopback' = 'ignoreip') =>
  ({ kind: 'failure.ignored', jail, ip, reason, line: '' }) as const

describe('IgnoredLog', () => {
  it('tells of an address once a minute', () => {
    const log = new IgnoredLog()
    const told = [0, 1, 59_999, 60_000, 60_001, 200_000].map((now) =>
      log.isWorthTelling(eventOf('192.0.2.1'), now),
    )
    expect(told).toEqual([true, false, false, true, false, true])
  })

  it('tells apart jails, addresses and reasons', () => {
    const log = new IgnoredLog()
    const told = [
      eventOf('192.0.2.1'),
      eventOf('192.0.2.2'),
      eventOf('192.0.2.1', 'nginx'),
      eventOf('192.0.2.1', 'sshd', 'loopback'),
    ].map((event) => log.isWorthTelling(event, 0))
    expect(told).toEqual([true, true, true, true])
  })

  it('forgets the oldest when there are too many', () => {
    const log = new IgnoredLog()
    for (let index = 0; index <= 10_000; index++) log.isWorthTelling(eventOf(`a${index}`), 0)
    expect(log.isWorthTelling(eventOf('a10000'), 1)).toBe(false)
    expect(log.isWorthTelling(eventOf('a0'), 1)).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { ManualClock } from './clock.ts'
import { beatMs, tellSystemd } from './sd-notify.ts'

describe('what systemd is told', () => {
  it.each([
    [{}, null],
    [{ WATCHDOG_USEC: '' }, null],
    [{ WATCHDOG_USEC: 'soon' }, null],
    [{ WATCHDOG_USEC: '0' }, null],
    [{ WATCHDOG_USEC: '60000000' }, 20_000],
  ])('%j: a beat every %s ms', (environment, ms) => expect(beatMs(environment)).toBe(ms))

  const world = (environment: Record<string, string>) => {
    const clock = new ManualClock(0)
    const sent: string[] = []
    let finish = (): void => {}
    const told = tellSystemd({
      environment,
      clock,
      send: (assignments, done) => {
        sent.push(assignments.join(' '))
        finish = done
      },
    })
    return { clock, sent, told, finish: () => finish() }
  }

  it('is nothing where nobody asked', () => {
    const { clock, sent, told } = world({ WATCHDOG_USEC: '60000000' })
    told.ready()
    clock.advance(600_000)
    expect(sent).toEqual([])
  })

  it('is that it is ready, then a beat whenever one is due, until the end', () => {
    const { clock, sent, told, finish } = world({ NOTIFY_SOCKET: '/x', WATCHDOG_USEC: '60000000' })
    clock.advance(60_000)
    expect(sent).toEqual([])
    told.ready()
    for (let beats = 0; beats < 3; beats++) {
      clock.advance(20_000)
      finish()
    }
    expect(sent).toEqual(['READY=1', 'WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1'])
    told[Symbol.dispose]()
    clock.advance(60_000)
    expect(sent).toHaveLength(4)
  })

  it('does not pile up messages that systemd does not take', () => {
    const { clock, sent, told, finish } = world({ NOTIFY_SOCKET: '/x', WATCHDOG_USEC: '60000000' })
    told.ready()
    clock.advance(100_000)
    expect(sent).toEqual(['READY=1', 'WATCHDOG=1'])
    finish()
    clock.advance(20_000)
    expect(sent).toEqual(['READY=1', 'WATCHDOG=1', 'WATCHDOG=1'])
  })

  it('says only that it is ready where no watchdog waits', () => {
    const { clock, sent, told } = world({ NOTIFY_SOCKET: '/x' })
    told.ready()
    clock.advance(600_000)
    expect(sent).toEqual(['READY=1'])
  })
})

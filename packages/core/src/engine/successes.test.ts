import { setFlagsFromString } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { JOURNAL, type LogLine } from '../line/line.ts'
import type { Effect } from './effect.ts'
import { makeEngine } from './engine.ts'
import type { Input } from './input.ts'
import { DEFINITION, MINUTE, NOW, engineWith, failedLogin, kindsOf, planned, planOf } from './stage.ts'

// As in the agent: without it nothing is known to be linear, and such expressions are not run for successes.
setFlagsFromString('--enable-experimental-regexp-engine')

const SUCCESS = {
  filter: {
    ...DEFINITION.filter,
    failregex: ['Accepted password for <F-USER>.*</F-USER> from <HOST> port \\d+$'],
  },
}

const line = (text: string, more: Partial<LogLine> = {}): Input => ({
  kind: 'line',
  line: { source: JOURNAL, text, readAt: NOW, writtenAt: NOW, fields: { _COMM: 'sshd' }, ...more },
})
const login = (ip: string, more: Partial<LogLine> = {}): Input =>
  line(`Accepted password for ada from ${ip} port 22`, more)
const eventsOf = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.kind === 'record' ? [effect.event] : []))

describe('a successful login', () => {
  it('is told with its address, user and time, and counts against nobody', () => {
    const engine = engineWith(planned({ success: SUCCESS }))
    expect(eventsOf(engine.step(login('192.0.2.1'), NOW))).toEqual([
      { kind: 'success.found', jail: 'sshd', ip: '192.0.2.1', succeededAt: NOW, user: 'ada', count: 1 },
    ])
    expect(engine.bans()).toEqual([])
    expect(engine.view().jails[0]).toMatchObject({ matches: 0, tracked: 0 })
  })

  it('is told once in an hour, with how many more there were when the hour is over', () => {
    const engine = engineWith(planned({ success: SUCCESS }))
    engine.step(login('192.0.2.1'), NOW)
    for (let i = 1; i <= 50; i++)
      expect(engine.step(login('192.0.2.1', { writtenAt: NOW + i * 1_000 }), NOW + i * 1_000)).toEqual([])
    expect(engine.step({ kind: 'tick' }, NOW + 59 * MINUTE)).toEqual([])
    expect(eventsOf(engine.step({ kind: 'tick' }, NOW + 60 * MINUTE))).toEqual([
      {
        kind: 'success.found',
        jail: 'sshd',
        ip: '192.0.2.1',
        succeededAt: NOW + 50_000,
        user: 'ada',
        count: 50,
      },
    ])
    expect(engine.step({ kind: 'tick' }, NOW + 120 * MINUTE)).toEqual([])
    expect(eventsOf(engine.step(login('192.0.2.1'), NOW + 121 * MINUTE))).toMatchObject([{ count: 1 }])
  })

  it('adds those of the hour before where no tick came in between', () => {
    const engine = engineWith(planned({ success: SUCCESS }))
    engine.step(login('192.0.2.1'), NOW)
    engine.step(login('192.0.2.1'), NOW + MINUTE)
    expect(eventsOf(engine.step(login('192.0.2.1'), NOW + 61 * MINUTE))).toMatchObject([{ count: 2 }])
  })

  it.each([
    ['from an address that is never banned', login('127.0.0.1')],
    ['from a name instead of an address', login('host.example')],
    ['in a line of the journal that the jail does not read', login('192.0.2.1', { fields: { _COMM: 'x' } })],
    ['in a very long line', line(`Accepted password for ${'a'.repeat(3_000)} from 192.0.2.1 port 22`)],
    ['in a line that another jail found a failure in', failedLogin('192.0.2.1')],
  ])('is not told %s', (_, input) => {
    const engine = engineWith(planned({ success: SUCCESS }))
    const told = eventsOf(engine.step(input, NOW)).map(({ kind }) => kind)
    expect(told).not.toContain('success.found')
  })

  it('leaves failures as they are', () => {
    const [plain, watching] = [engineWith(planned()), engineWith(planned({ success: SUCCESS }))]
    for (const input of [failedLogin('192.0.2.1'), login('192.0.2.1'), failedLogin('192.0.2.1')]) {
      const without = kindsOf(plain.step(input, NOW))
      const withSuccesses = kindsOf(watching.step(input, NOW)).filter((kind) => kind !== 'success.found')
      expect(withSuccesses).toEqual(without)
    }
    expect(watching.bans()).toEqual(plain.bans())
  })

  it('is looked for in sources of its own where there are some', () => {
    const engine = makeEngine()
    const jail = { ...planned({ success: SUCCESS }, ['/auth.log']), successSources: ['/access.log'] }
    engine.step({ kind: 'plan', plan: planOf(jail) }, NOW)
    expect(engine.step(login('192.0.2.1', { source: '/auth.log' }), NOW)).toEqual([])
    expect(eventsOf(engine.step(login('192.0.2.1', { source: '/access.log' }), NOW))).toHaveLength(1)
    expect(engine.step(failedLogin('192.0.2.2', { source: '/access.log' }), NOW)).toEqual([])
    expect(engine.needed('/access.log')?.map(({ text }) => text)).toEqual(['Accepted password for '])
    expect(engine.needed('/auth.log')?.map(({ text }) => text)).toEqual(['Failed password for '])
  })

  it('asks for few lines more than failures do', () => {
    const engine = engineWith(planned({ success: SUCCESS }))
    expect(engine.needed(JOURNAL)?.map(({ text }) => text)).toEqual([
      'Failed password for ',
      'Accepted password for ',
    ])
  })

  it('is told of ten thousand addresses at a time at most, and none is lost', () => {
    const engine = engineWith(planned({ success: SUCCESS }))
    let count = 0
    const step = (input: Input, at: number): void => {
      for (const event of eventsOf(engine.step(input, at)))
        if (event.kind === 'success.found') count += event.count
    }
    for (const round of [0, 1])
      for (let i = 0; i < 6_000; i++) step(login(`198.18.${i >> 8}.${i & 255}`), NOW + round)
    for (let i = 6_000; i < 12_000; i++) step(login(`198.18.${i >> 8}.${i & 255}`), NOW + 2)
    step({ kind: 'tick' }, NOW + 61 * MINUTE)
    expect(count).toBe(18_000)
  })
})

describe('an expression for successes', () => {
  it.each([
    ['that cannot be compiled', ['Accepted (']],
    ['that may take long', ['Accepted (?=x)password for <F-USER>.*</F-USER> from <HOST>$']],
  ])('%s finds nothing and does no harm', (_, failregex) => {
    const success = { filter: { ...SUCCESS.filter, failregex } }
    const engine = engineWith(planned({ success }))
    expect(engine.step(login('192.0.2.1'), NOW)).toEqual([])
    expect(kindsOf(engine.step(failedLogin('192.0.2.1'), NOW))).toEqual(['failure.found'])
  })
})

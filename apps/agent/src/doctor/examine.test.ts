import { compileJail, makeEngine, NEVER_NOBODY, type JailDefinition, type Needle } from '@warder/core'
import { ManualClock } from '@warder/daemon'
import type { SourceStatus } from '@warder/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { LineBlock } from '../source/block.ts'
import { examine, type ExamineParts, type Patient } from './examine.ts'
import { Sieve } from './sieve.ts'

const NOW = Date.UTC(2026, 10, 28, 12)
const LOG = '/var/log/door.log'
const door = (more: Partial<JailDefinition> = {}): JailDefinition => ({
  name: 'door',
  filter: {
    name: 'door',
    failregex: ['^bad login from <HOST>$'],
    ignoreregex: [],
    maxlines: 1,
    journalmatch: [],
  },
  backend: 'file',
  logpath: [LOG],
  ports: { protocol: 'tcp', ports: 'all' },
  ignoreip: [],
  maxmatches: 5,
  settings: { enabled: true, maxretry: 5, findtime: 600, bantime: 600 },
  ...more,
})
const source = (more: Partial<SourceStatus> = {}): SourceStatus => ({
  id: LOG,
  state: 'reading',
  lines: 0,
  matches: 0,
  lastLineAt: null,
  lastMatchAt: null,
  ...more,
})
const patient = (more: Partial<Patient> = {}): Patient => ({
  definition: door(),
  sources: [source()],
  isPaused: false,
  ...more,
})

let clock: ManualClock
let sieve: Sieve
beforeEach(() => {
  clock = new ManualClock(NOW)
  sieve = new Sieve(clock)
})

/** The texts that a jail with this expression needs in a line. */
function needed(failregex: string): readonly Needle[] {
  const compiled = compileJail(door({ filter: { ...door().filter, failregex: [failregex] } }))
  const engine = makeEngine({})
  if (!compiled.ok) throw new Error(compiled.problems.join())
  const plan = { jails: [{ jail: compiled.jail, sources: [LOG] }], never: NEVER_NOBODY }
  engine.step({ kind: 'plan', plan }, NOW)
  return engine.needed(LOG) ?? []
}

/** What the doctor has, with a log that is read at once: `seen` says what becomes of a line on its way. */
const parts = (seen: (line: string) => string | null, more: Partial<ExamineParts> = {}): ExamineParts => ({
  clock,
  sieve,
  never: NEVER_NOBODY,
  zone: () => 0,
  samples: () => [],
  chance: () => 0,
  isTaken: () => false,
  here: { units: new Map(), users: new Set([0]) },
  write: async (id, { text }) => {
    const read = seen(text)
    const lines = read === null ? [] : [{ source: id, text: read, readAt: NOW, live: true }]
    expect([...sieve.sift({ lines, cursor: '' }).lines]).toEqual([])
  },
  shadow: async () => {},
  firewallTrouble: null,
  ...more,
})

const asWritten = (line: string): string => line
const hops = async (of: Patient, how: ExamineParts): Promise<string> =>
  (await examine(of, how)).hops.map(({ hop, state }) => `${hop} ${state}`).join(', ')

describe('a jail under examination', () => {
  it('is followed hop by hop', async () => {
    expect(compileJail(door()).ok).toBe(true)
    expect(await examine(patient(), parts(asWritten))).toMatchObject({
      verdict: 'alive',
      ip: '192.0.2.4',
      line: expect.stringContaining('bad login from 192.0.2.4'),
    })
  })

  it('whose line never comes back is broken after ten seconds', async () => {
    const written = Promise.withResolvers<void>()
    const waiting = hops(patient(), parts(asWritten, { write: async () => written.resolve() }))
    await written.promise
    // The wait begins once the writing is over.
    await new Promise(setImmediate)
    clock.advance(10_000)
    expect(await waiting).toBe('write ok, read broken')
  })

  it.each([
    [
      'the log cannot be written',
      patient(),
      () => parts(asWritten, { write: () => Promise.reject(new Error('read-only')) }),
      'write skipped',
    ],
    [
      'the kernel refuses the address',
      patient(),
      () => parts(asWritten, { shadow: () => Promise.reject(new Error('no')) }),
      'write ok, read ok, match ok, decision ok, firewall broken',
    ],
    [
      'the firewall has no set for it',
      patient(),
      () => parts(asWritten, { shadow: null }),
      'write ok, read ok, match ok, decision ok, firewall skipped',
    ],
    [
      'the firewall enforces nothing',
      patient(),
      () => parts(asWritten, { firewallTrouble: 'dry run' }),
      'write ok, read ok, match ok, decision ok, firewall broken',
    ],
    ['it is paused', patient({ isPaused: true }), () => parts(asWritten), 'match broken'],
    [
      'its source is lost',
      patient({ sources: [source({ state: 'lost' })] }),
      () => parts(asWritten),
      'read broken',
    ],
    ['it reads nothing', patient({ sources: [] }), () => parts(asWritten), 'read broken'],
    [
      'it counts bans',
      patient({ definition: door({ backend: 'bans' }) }),
      () => parts(asWritten),
      'write skipped',
    ],
    [
      'everybody it could speak of is ignored',
      patient({ definition: door({ ignoreip: ['0.0.0.0/0'] }) }),
      () => parts(asWritten),
      'write skipped, read ok',
    ],
  ])('tells where it ends when %s', async (_, of, how, wanted) => {
    expect(await hops(of, how())).toBe(wanted)
  })
})

describe('marked lines', () => {
  const line = (text: string) => ({ source: LOG, text, readAt: NOW })
  const MARKED = 'bad login from 192.0.2.9'

  it.each([
    ['as it was written', MARKED, true],
    ['of the journal', `pve1 sshd[42]: ${MARKED}`, true],
    ['of the journal without a process', `pve1 sshd: ${MARKED}`, true],
    ['a copy by syslog', `Nov 28 12:00:00 pve1 sshd[42]: ${MARKED}`, true],
    ['a copy by syslog of today', `2026-11-28T12:00:00.123456+01:00 pve1 sshd[42]: ${MARKED}`, true],
    ['about another address', `${MARKED}0`, false],
    ['of who logs it as a name', `pve1 door[42]: bad login of ${MARKED}`, false],
    ['of who logs a whole line as a name', `pve1 door[42]: user=x: ${MARKED}`, false],
    ['with more behind it', `${MARKED} from 198.18.0.1`, false],
  ])('are told apart: one %s', (_, text, is) => {
    using _coming = sieve.expect(MARKED)
    expect([...sieve.sift({ lines: [line(text)], cursor: '' }).lines]).toHaveLength(is ? 0 : 1)
  })

  it('are taken out of a batch that is dealt with in parts, also late, and others are not', () => {
    using _coming = sieve.expect(MARKED)
    const rest = { lines: [line(MARKED), line('d')], cursor: '2' }
    const lines = [line('a'), line(MARKED), line(`${MARKED}0`)]
    const sifted = sieve.sift({
      lines,
      cursor: '1',
      hasMore: true,
      cut: () => ({ count: 3, cursor: '1', rest: () => rest }),
    })
    const texts = [...sifted.lines].map(({ text }) => text)
    expect([texts, sifted.cursor, sifted.hasMore]).toEqual([['a', `${MARKED}0`], '1', true])
    const [first] = lines
    expect([...(sifted.cut?.(first ?? line('')).rest().lines ?? [])].map(({ text }) => text)).toEqual(['d'])
  })

  it('are taken out of picked lines too, once nobody waits for one', () => {
    const coming = sieve.expect(MARKED)
    const bytes = Buffer.from(`${MARKED}\ny good\n${MARKED}0\n`)
    const sifted = () =>
      sieve.sift({ lines: new LineBlock(bytes, { source: LOG, readAt: NOW, live: true }), cursor: '1' }).lines
    // Until then all lines are looked at: it may hold nothing that is needed.
    expect(sifted().having).toBeUndefined()
    coming[Symbol.dispose]()
    const picked = sifted().having?.(needed('^bad login from <HOST>$'))
    const texts = Array.from({ length: picked?.count ?? 0 }, (_, i) => picked?.line(i)?.text)
    expect([texts, picked?.passed.lines]).toEqual([[`${MARKED}0`], 1])
  })

  it('are looked for an hour only: then batches pass as they are', () => {
    using _coming = sieve.expect(MARKED)
    const batch = { lines: [line(MARKED)], cursor: '1' }
    expect(sieve.sift(batch)).not.toBe(batch)
    clock.advance(3_600_000)
    expect(sieve.sift(batch)).toBe(batch)
  })
})

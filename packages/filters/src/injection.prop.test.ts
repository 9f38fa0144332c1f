import { contains, makeEngine, NEVER_NOBODY, type Effect, type Engine, type LogLine } from '@warder/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSamples, type Sample } from './corpus.ts'
import { cutsOf, fieldsOf, INNOCENT, NAME_FIRST, open, writerOf, type Opened } from './lie.ts'
import { shippedNames } from './shipped.ts'
import { shippedJail, tryFilter } from './try.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const RUNS = 600
const SEED = 20_261_120

const ADDRESSES = [
  INNOCENT,
  `::ffff:${INNOCENT}`,
  `[::ffff:${INNOCENT}]`,
  '2001:db8::bad',
  '[2001:db8::bad]:22',
  `${INNOCENT}/32`,
  '198.51.100.0/24',
  '2001:db8:bad::/48',
  `${INNOCENT}:22`,
  `x[${INNOCENT}]`,
  `(${INNOCENT})`,
  `"${INNOCENT}"`,
  `'${INNOCENT}'`,
]

const WORDS = [
  ...[
    'rhost=',
    'user=',
    'ruser=',
    'msg=',
    ' msg=',
    'client: ',
    ', client: ',
    ', server: ',
    ' from ',
    ' for ',
  ],
  ...[
    ' port 22 ssh2',
    ' port 22',
    ' [preauth]',
    ' via ',
    'rip=',
    ', rip=',
    ', session=<x>',
    'Client ',
    '[client ',
  ],
  ...[
    '"',
    "'",
    '`',
    '\\',
    '\\"',
    '[',
    ']',
    '[]',
    '(',
    ')',
    '<',
    '>',
    '{',
    '}',
    ',',
    ';',
    ':',
    ': ',
    '=',
    '-',
    ' - ',
  ],
  ...[' ', '  ', '\t', '\0', '\r', '\n', '\r\n', '\u0085', '\u2028', '\u00a0', '\x1b[2K', '\u202e', '\ud83d'],
  ...['Иван', '管理员', 'مدير', 'e\u0301', '\u{1f600}', '%(x)s', '<HOST>', '%s', '$1', '../'],
]

const DATES = [
  '2026-11-20T10:00:00.123+00:00',
  '2026-11-20 10:00:00',
  '2026-11-20 10:00:00.123',
  'Nov 20 10:00:00',
  'Fri Nov 20 10:00:00 2026',
  '[Fri Nov 20 10:00:00.123456 2026]',
  '[20/Nov/2026:10:00:00 +0000]',
  '[20/11/2026:10:00:00 +0000]',
  '2026/11/20 10:00:00',
  '11/20/2026-10:00:00.123456',
  '"time":"2026-11-20T10:00:00+00:00"',
  '1795168800',
  '@400000005fb7a2e4075bcd15',
]

/** What a client sends: its own quotes of what the service writes, put together from pieces. */
function lieFrom(messages: readonly string[]): fc.Arbitrary<string> {
  const quote = fc.tuple(fc.constantFrom(...messages), fc.nat(), fc.nat()).map(([message, from, to]) => {
    const at = from % message.length
    return message.slice(at, to % 3 === 0 ? at + 1 + (to % 80) : undefined)
  })
  const piece = fc.oneof(
    { weight: 4, arbitrary: quote },
    { weight: 2, arbitrary: fc.constantFrom(...messages) },
    { weight: 4, arbitrary: fc.constantFrom(...ADDRESSES) },
    { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 2, arbitrary: fc.constantFrom(...DATES) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('A', ' ', 'x@', '管'), fc.integer({ min: 1, max: 3_000 }))
        .map(([one, count]) => one.repeat(count)),
    },
  )
  const repeated = fc.tuple(piece, fc.integer({ min: 1, max: 3 })).map(([one, count]) => one.repeat(count))
  return fc
    .array(fc.oneof({ weight: 4, arbitrary: piece }, repeated), { minLength: 1, maxLength: 6 })
    .map((pieces) => pieces.join(''))
}

interface Target extends Opened {
  readonly sample: Sample
  /** The address as the service wrote it; null where it wrote it in another form. */
  readonly written: string | null
  readonly ip: string
  readonly fields: readonly (readonly [from: number, to: number])[]
  write(text: string): string
}

function targetsOf(name: string): readonly Target[] {
  return readSamples(name).flatMap((sample): Target[] => {
    if (sample.expect === null) return []
    const { ip } = sample.expect
    const { message, lineOf } = open(sample, NOW)
    const line = lineOf(message)
    const user = line === null ? undefined : tryFilter(name, sample.options)(line, NOW)?.user
    const fields = [...fieldsOf(message, user, ip)]
    const behind = message.indexOf(' ', message.lastIndexOf(ip))
    if (!NAME_FIRST.has(name) && message.includes(ip)) {
      if (behind >= 0) fields.push([behind + 1, behind + 1])
      fields.push([message.length, message.length])
    }
    if (fields.length === 0) return []
    return [
      {
        sample,
        message,
        lineOf,
        ip,
        written: message.includes(ip) ? ip : null,
        fields,
        write: writerOf(name, message),
      },
    ]
  })
}

interface Lie {
  readonly target: Target
  readonly message: string
  /** Whom the line may name; null: the service wrote no address, so nobody. */
  readonly ip: string | null
}

/**
 * A message with one or all fields of the client replaced. The service may have had no address to write, and the line may
 * be cut: where its end falls is up to the client, who fills the field up until its own text is the last of the line.
 */
function liesOf(name: string): fc.Arbitrary<Lie> {
  const targets = targetsOf(name)
  const all = readSamples(name).map((sample) => ({
    ip: sample.expect?.ip ?? INNOCENT,
    message: open(sample, NOW).message,
  }))
  const rests = targets.flatMap(({ ip, message, fields }) =>
    fields.map(([, to]) => ({ ip, message: message.slice(to) })),
  )
  const quotable = [...all, ...rests]
    .map(({ ip, message }) => message.slice(0, 1_000).replaceAll(ip, INNOCENT))
    .filter((text) => text !== '')
  return fc
    .record({
      target: fc.constantFrom(...targets),
      lies: fc.tuple(lieFrom(quotable), lieFrom(quotable)),
      which: fc.nat(),
      quoted: fc.constantFrom('nothing', 'first', 'last', 'last without its end'),
      address: fc.constantFrom('as it was', 'as it was', 'UNKNOWN', 'host.example', ''),
      cut: fc.option(fc.constantFrom(...cutsOf(name)), { freq: 2 }),
    })
    .map(({ target, lies: [first, second], which, quoted, address, cut }) => {
      const { written, ip, write } = target
      const hide = (text: string): string =>
        address === 'as it was' || written === null ? text : text.replaceAll(written, address)
      const [from, to] = target.fields[which % target.fields.length] ?? [0, 0]
      const rest = target.message.slice(to).replaceAll(ip, INNOCENT)
      const [before, after] = [hide(target.message.slice(0, from)), hide(target.message.slice(to))]
      const start = quoted === 'first' ? rest + first : first
      const end = quoted.startsWith('last')
        ? second + (quoted === 'last' ? rest : rest.replace(/["'>)\]]*$/, ''))
        : second
      const text = padded(write, [start, end], cut === null ? 0 : cut - Buffer.byteLength(before))
      const whole = before + text + after
      const message = cut === null ? whole : Buffer.from(whole).subarray(0, cut).toString()
      return { target, message, ip: address === 'as it was' || written === null ? ip : null }
    })
}

/** Two lies with as much between them as makes the text end with the second one. */
function padded(
  write: (text: string) => string,
  [first, second]: readonly [string, string],
  room: number,
): string {
  const [start, end] = [write(first), write(second)]
  return start + 'A'.repeat(Math.max(0, room - Buffer.byteLength(start + end))) + end
}

/** Not where clients write nothing into the line, as with Suricata. */
const NAMES = shippedNames().filter((name) => targetsOf(name).length > 0)

describe.each(NAMES)('a client that lies to the filter %s in all ways', (name) => {
  it('gets nobody else banned', () => {
    const trials = new Map(readSamples(name).map(({ options }) => [options, tryFilter(name, options)]))
    fc.assert(
      fc.property(liesOf(name), ({ target, message, ip }) => {
        const line = target.lineOf(message)
        const found = line === null ? null : (trials.get(target.sample.options)?.(line, NOW) ?? null)
        if (found !== null) expect(found.ip).toBe(ip)
      }),
      { numRuns: RUNS, seed: SEED },
    )
  })
})

/** An engine with one jail that bans at the first failure, and the bans that a line leads to. */
function bansOf(name: string, options: string): (line: LogLine) => readonly string[] {
  const jail = shippedJail(name, options, 'maxretry = 1')
  const engine: Engine = makeEngine()
  const enabled = {
    ...jail,
    definition: { ...jail.definition, settings: { ...jail.definition.settings, enabled: true } },
  }
  const never = NEVER_NOBODY
  const sources = ['/var/log/sample.log', 'journal']
  engine.step({ kind: 'plan', plan: { jails: [{ jail: enabled, sources }], never } }, NOW)
  const banned = (effect: Effect): string[] => (effect.kind === 'ban' ? [effect.ban.ip] : [])
  return (line) => engine.step({ kind: 'line', line: { ...line, live: true } }, NOW).flatMap(banned)
}

describe('the engine with all shipped jails', () => {
  it('bans nobody whom a client named', () => {
    const bans = new Map<string, (line: LogLine) => readonly string[]>()
    const lie = fc.oneof(...NAMES.map((name) => liesOf(name).map((one) => ({ ...one, name }))))
    const seen = new Set<string>()
    fc.assert(
      fc.property(lie, ({ name, target, message, ip }) => {
        const { options } = target.sample
        const key = `${name}[${options}]`
        const take = bans.get(key) ?? bansOf(name, options)
        bans.set(key, take)
        const line = target.lineOf(message)
        for (const banned of line === null ? [] : take(line)) {
          // Of IPv6 the prefix that the shipped jails count by.
          expect(ip !== null && contains(banned, ip)).toBe(true)
          seen.add(key)
        }
      }),
      { numRuns: 2_000, seed: SEED },
    )
    // The truth is banned, so that the lie would have been too.
    expect(seen.size).toBeGreaterThan(shippedNames().length)
  })
})

import { describe, expect, it } from 'vitest'
import { BanList } from '../ban/ban-list.ts'
import { Offences } from '../ban/offences.ts'
import { UTC } from '../date/parse.ts'
import { eventOf, type Effect } from '../engine/effect.ts'
import { JOURNAL, type LogLine } from '../line/line.ts'
import { SourceReader } from '../line/reader.ts'
import { compileJail } from './compile.ts'
import type { JailDefinition } from './definition.ts'
import { NeverBanned } from './ignore.ts'
import { NEVER_NOBODY } from './never.ts'
import { IgnoredLog } from './ignored-log.ts'
import { Jail, type Verdict } from './jail.ts'
import type { Surroundings } from './surroundings.ts'
import type { JailSettings } from './settings.ts'

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0)
const SECOND = 1_000

const DEFINITION: JailDefinition = {
  name: 'app',
  filter: {
    name: 'app',
    failregex: ['^app: bad (?:<F-USER>\\w+</F-USER> )?from <HOST>$'],
    ignoreregex: [],
    maxlines: 1,
    journalmatch: [],
  },
  backend: 'auto',
  logpath: [],
  ports: { protocol: 'tcp', ports: 'all' },
  ignoreip: ['198.51.100.0/24'],
  maxmatches: 5,
  settings: { enabled: true, maxretry: 2, findtime: 600, bantime: 600 },
}

function jailWith(settings: Partial<JailSettings> = {}, before?: Jail): Jail {
  const compiled = compileJail({ ...DEFINITION, settings: { ...DEFINITION.settings, ...settings } })
  if (!compiled.ok) throw new Error(compiled.problems.join('\n'))
  return new Jail(compiled.jail, before)
}

const surroundings = (): Surroundings => ({
  keepsEvidence: true,
  bans: new BanList(),
  never: new NeverBanned(NEVER_NOBODY),
  ignored: new IgnoredLog(),
  offences: new Offences(),
  chance: () => 0,
  onTheWayMs: 60_000,
})

/** A jail with its surroundings, to which lines are shown at moments counted in seconds. */
class Scene {
  readonly around = surroundings()
  jail: Jail
  readonly #reader = new SourceReader(UTC)

  constructor(settings: Partial<JailSettings> = {}) {
    this.jail = jailWith(settings)
  }

  show(text: string, seconds: number, writtenSeconds = seconds): Verdict {
    const now = NOW + seconds * SECOND
    const line: LogLine = {
      source: JOURNAL,
      text,
      readAt: now,
      writtenAt: NOW + writtenSeconds * SECOND,
      fields: {},
    }
    this.#reader.take(line)
    return this.jail.take(this.#reader, this.around, now)
  }

  /** What the line led to, in short. */
  kinds(text: string, seconds: number, writtenSeconds = seconds): readonly string[] {
    const verdict = this.show(text, seconds, writtenSeconds)
    return typeof verdict === 'string' ? [verdict] : verdict.map(kindOf)
  }
}

const kindOf = (effect: Effect): string => eventOf(effect)?.kind ?? effect.kind
const BAD = 'app: bad from 192.0.2.1'

describe('what a jail makes of a line', () => {
  it.each<[string, string, number, string[]]>([
    ['nothing in it', 'app: fine', 0, ['no match']],
    ['a failure', BAD, 0, ['failure.found']],
    ['a failure that is as old as findtime', BAD, -600, ['failure.found']],
    ['a failure that is older', BAD, -601, ['stale']],
    ['a failure of somebody it ignores', 'app: bad from 198.51.100.7', 0, ['failure.ignored']],
    ['a failure of loopback', 'app: bad from ::1', 0, ['failure.ignored']],
  ])('%s', (_, text, writtenSeconds, kinds) => {
    expect(new Scene().kinds(text, 0, writtenSeconds)).toEqual(kinds)
  })

  it('is told with the user and the line', () => {
    const verdict = new Scene().show('app: bad bob from 192.0.2.1', 0)
    expect(verdict).toEqual([
      {
        kind: 'record',
        event: {
          kind: 'failure.found',
          jail: 'app',
          ip: '192.0.2.1',
          failedAt: NOW,
          user: 'bob',
          line: 'app: bad bob from 192.0.2.1',
        },
      },
    ])
  })

  it('is counted, stale and ignored ones too', () => {
    const scene = new Scene()
    scene.show(BAD, 0)
    scene.show(BAD, 1, -900)
    scene.show('app: bad from ::1', 2)
    scene.show('app: fine', 3)
    expect([scene.jail.matches, scene.jail.lastMatchAt, scene.jail.tracked]).toEqual([3, NOW + 2 * SECOND, 1])
  })
})

describe('semantics of bans: an address that goes on is banned for longer, never for less', () => {
  /** Seconds after the ban, and what the second failure at that moment leads to. */
  it.each([
    [1, ['failure.found']],
    [59, ['failure.found']],
    [60, ['failure.found', 'ban.extended']],
    [599, ['failure.found', 'ban.extended']],
  ])('%i seconds after its ban', (seconds, kinds) => {
    const scene = new Scene()
    scene.show(BAD, 0)
    expect(scene.kinds(BAD, 0)).toEqual(['failure.found', 'ban.added'])
    scene.show(BAD, seconds)
    expect(scene.kinds(BAD, seconds)).toEqual(kinds)
    expect(scene.around.bans.all()).toHaveLength(1)
  })

  /** Of failures with users `a`, `b` … at these seconds, the lines of the last ban: who they name. */
  it.each<[string, Partial<JailSettings>, readonly number[], string]>([
    ['while the ban is on its way', {}, [0, 0, 10, 70], 'd'],
    ['a minute after it', {}, [0, 0, 60, 61], 'cd'],
    ['when it ended before that', { bantime: 30 }, [0, 0, 30, 31], 'cd'],
  ])(
    'what was failed %s is counted, its line kept only where it could lead to a ban',
    (_, settings, seconds, who) => {
      const scene = new Scene(settings)
      for (const [index, second] of seconds.entries()) {
        scene.around.bans.expire(NOW + second * SECOND)
        scene.show(`app: bad ${'abcd'[index]} from 192.0.2.1`, second)
      }
      const { failures, lines } = scene.around.bans.get('app', '192.0.2.1')?.ticket ?? {}
      expect([failures, lines]).toEqual([2, [...who].map((user) => `app: bad ${user} from 192.0.2.1`)])
    },
  )

  it('does not shorten a ban that ends later', () => {
    const scene = new Scene({ maxretry: 1 })
    const standing = { jail: 'app', ip: '192.0.2.1', at: NOW, until: null, origin: 'operator' } as const
    scene.around.bans.add(standing)
    expect(scene.kinds(BAD, 120)).toEqual(['failure.found'])
    expect(scene.around.bans.all()).toEqual([standing])
  })
})

describe('semantics of bans: they last from the last failure on, and one that would be over is not made', () => {
  it.each<[Partial<JailSettings>, number, number | null | 'none']>([
    [{ maxretry: 1 }, 0, 600],
    [{ maxretry: 1, bantime: -1 }, 0, null],
    [{ maxretry: 1, bantime: 30 }, 0, 30],
    [{ maxretry: 1, bantime: 30 }, -20, 10],
    [{ maxretry: 1, bantime: 30 }, -30, 'none'],
    [{ maxretry: 1, bantime: -1 }, -30, null],
  ])('%j, written at %d: until %s', (settings, writtenSeconds, until) => {
    const scene = new Scene(settings)
    scene.show(BAD, 0, writtenSeconds)
    const [ban] = scene.around.bans.all()
    if (until === 'none') expect(ban).toBeUndefined()
    else expect(ban?.until).toBe(until === null ? null : NOW + until * SECOND)
  })
})

describe('a jail under a new plan', () => {
  it('goes on with its counts and its figures, under the new thresholds', () => {
    const scene = new Scene({ maxretry: 5 })
    for (const second of [0, 1, 2]) scene.show(BAD, second)
    scene.jail = jailWith({ maxretry: 4, bantime: 60 }, scene.jail)
    expect([scene.jail.matches, scene.jail.tracked, scene.jail.settings.maxretry]).toEqual([3, 1, 4])
    expect(scene.kinds(BAD, 3)).toEqual(['failure.found', 'ban.added'])
    const [ban] = scene.around.bans.all()
    expect(ban).toMatchObject({ until: NOW + 63 * SECOND, ticket: { failures: 4, maxretry: 4 } })
  })

  it('counts by a shorter findtime from the next failure on', () => {
    const scene = new Scene({ maxretry: 3 })
    for (const second of [0, 300]) scene.show(BAD, second)
    scene.jail = jailWith({ maxretry: 3, findtime: 60 }, scene.jail)
    // Two in five minutes are none in one.
    for (const second of [301, 302]) expect(scene.kinds(BAD, second)).toEqual(['failure.found'])
    expect(scene.kinds(BAD, 303)).toEqual(['failure.found', 'ban.added'])
  })
})

describe('what a jail forgets', () => {
  it('an address, a subnet, or everybody', () => {
    const scene = new Scene()
    for (const ip of ['192.0.2.1', '192.0.2.2', '203.0.113.9']) scene.show(`app: bad from ${ip}`, 0)
    scene.jail.forget(['192.0.2.1'], scene.around)
    expect(scene.jail.tracked).toBe(2)
    scene.jail.forget(['192.0.2.0/24'], scene.around)
    expect(scene.jail.tracked).toBe(1)
    scene.jail.forget(null, scene.around)
    expect(scene.jail.tracked).toBe(0)
  })

  it('failures that are too old to count', () => {
    const scene = new Scene()
    scene.show(BAD, 0)
    scene.jail.tidy(NOW + 600 * SECOND)
    expect(scene.jail.tracked).toBe(1)
    scene.jail.tidy(NOW + 601 * SECOND)
    expect(scene.jail.tracked).toBe(0)
  })
})

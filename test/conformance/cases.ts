import { isDeepStrictEqual } from 'node:util'
import { compileJail, familyOf, NEVER_NOBODY, parseDuration, parseTarget } from '@warder/core'
import { readAddressOrText } from '../../packages/conf/src/address.ts'
import { commandOf, type BanInfo, type Properties } from './command.ts'
import { grownBantime, readGrowth, type GrowthDefinition } from '../../packages/core/src/ban/growth.ts'
import { Offences } from '../../packages/core/src/ban/offences.ts'
import { DateReader } from '../../packages/core/src/date/detect.ts'
import { fixedZone } from '../../packages/core/src/date/zone.ts'
import { readDatepattern } from '../../packages/core/src/date/pattern.ts'
import { FailureTracker } from '../../packages/core/src/failure/tracker.ts'
import { NeverBanned } from '../../packages/core/src/jail/ignore.ts'
import { lengthIn } from '../../packages/core/src/jail/recurrence.ts'
import { TargetSet } from '../../packages/core/src/ip/target-set.ts'
import { roundedDuration } from '../../packages/core/src/time/rounded.ts'
import { CONFIG_KINDS, runConfigCase } from './config-cases.ts'
import { NOW, ZURICH, type Case, type Failure, type Outcome } from './corpus.ts'
import { makeFinder, NotCompiled, type Found } from './finder.ts'
import { difference } from './lines.ts'

const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 600) ?? 'nothing'
const compare = (ours: unknown, theirs: unknown): string | null =>
  isDeepStrictEqual(ours, theirs) ? null : `is ${show(ours)}, expected ${show(theirs)}`

/** A kind of cases: null when a case is as expected, else what is wrong. */
type Check = (one: Case) => string | null

const number = (value: unknown): number => Number(value)
const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])
const isRefused = ({ expect }: Case): boolean => 'error' in expect

function checkTime(one: Case): string | null {
  const ours = parseDuration(String(one.in['text']))
  if (isRefused(one)) return ours === null ? null : `is ${ours}, expected a refusal`
  return ours === Math.round(number(one.expect['seconds'])) ? null : compare(ours, one.expect['seconds'])
}

function checkAddress(one: Case): string | null {
  const { in: input, expect } = one
  const read = readAddressOrText(String(input['text']))
  if (read.kind === 'refused') return isRefused(one) ? null : read.reason
  if (isRefused(one)) return `is ${show(read)}, expected a refusal`
  if (read.kind === 'text') return compare({ text: read.text, family: null, single: false }, expect)
  const { target, single } = read
  const isWhole = target.endsWith('/0')
  const family = familyOf(target) === 4 ? 'inet4' : 'inet6'
  // The original does not write a prefix of no bits, and writes a few addresses of IPv6 with a dotted end.
  const text = isWhole ? target.slice(0, -2) : (parseTarget(String(expect['text'])) ?? '')
  return text === (isWhole ? expect['text'] : target)
    ? compare({ family, single }, { family: expect['family'], single: expect['single'] })
    : `is ${target}, expected ${String(expect['text'])}`
}

const NOBODY = new NeverBanned(NEVER_NOBODY)

/** As a jail with this list decides. Loopback, which never counts here whatever the list says, is left to the list. */
function checkIgnored(one: Case): string | null {
  const read = strings(one.in['list']).map(readAddressOrText)
  const who = readAddressOrText(String(one.in['ip']))
  if ([...read, who].some(({ kind }) => kind === 'refused')) return isRefused(one) ? null : 'is refused'
  // A text is a host name, which nothing resolves here.
  const list = new TargetSet(read.flatMap((entry) => (entry.kind === 'target' ? [entry.target] : [])))
  const ip = who.kind === 'target' ? who.target : ''
  const reason = NOBODY.reasonFor(ip, list)
  return compare({ ignored: reason === 'loopback' ? list.has(ip) : reason === 'ignoreip' }, one.expect)
}

/** How long a jail with this growth bans an address that it banned so often before; null: there is no telling. */
function bantimeOf({ in: input }: Case, growth: GrowthDefinition | null): number | null {
  const [ip, lastAt] = ['192.0.2.1', 0]
  const [bantime, count] = [number(input['bantime']), number(input['count'])]
  const compiled = compileJail({
    name: 'case',
    filter: { name: 'case', failregex: ['^<ADDR>$'], ignoreregex: [], maxlines: 1, journalmatch: [] },
    backend: 'auto',
    logpath: [],
    ports: { protocol: 'tcp', ports: 'all' },
    ignoreip: [],
    maxmatches: 5,
    ...(growth === null ? {} : { growth }),
    settings: { enabled: true, maxretry: 5, findtime: 600, bantime },
  })
  if (!compiled.ok || grownBantime(compiled.jail.growth, { bantime, count }) === null) return null
  const offences = new Offences()
  if (count > 0) offences.restore({ jail: 'case', ip, bans: count, lastAt })
  return lengthIn(compiled.jail, ip, { offences, chance: () => 0 }).bantime
}

function checkIncrement(one: Case): string | null {
  const options = one.in['options'] as Record<string, string>
  const read = readGrowth((name) => options[name])
  if (!read.ok) return isRefused(one) ? null : read.problem
  const bantime = bantimeOf(one, read.growth)
  if (isRefused(one)) return bantime === null ? null : `is ${bantime}, expected a refusal`
  const theirs = number(one.expect['bantime'])
  const isClose = bantime !== null && Math.abs(bantime - theirs) <= Math.abs(theirs) * 1e-9
  return isClose ? null : `is ${bantime}, expected ${theirs}`
}

type Ticked = readonly [at: number, id: string, ...rest: unknown[]]

/** In which order addresses are kept is nobody's business. */
const byText = (list: readonly unknown[]): unknown[] =>
  list.toSorted((one, other) => String(one).localeCompare(String(other)))

function checkCount({ in: input, expect }: Case): string | null {
  const tracker = new FailureTracker({
    maxretry: number(input['maxretry']),
    findtime: number(input['findtime']),
    maxmatches: number(input['maxmatches']),
  })
  const bans: unknown[] = []
  for (const [at, ip] of input['events'] as Ticked[]) {
    // All come in at once, so that nothing is forgotten between them: the recorded counter was never tidied.
    const ticket = tracker.count({ ip, at: at * 1000, line: `l${at}` }, 0)?.ticket()
    if (ticket !== undefined)
      bans.push([at, ip, ticket.failures, ticket.seen ?? ticket.failures, ticket.lines])
  }
  const left = [...tracker.counts()].map(({ ip, failures, last }) => [ip, failures, last / 1000])
  const theirs = { ...expect, left: byText(expect['left'] as unknown[]) }
  return compare({ bans, left: byText(left) }, theirs)
}

type DateResult = readonly [before: string, date: string, after: string, seconds: number | null]

function checkDates({ in: input, expect }: Case): string | null {
  const datepattern = input['datepattern']
  const read = readDatepattern(typeof datepattern === 'string' ? datepattern : undefined)
  if (!read.ok) return 'error' in expect ? null : read.problems.join('; ')
  const timezone = input['logtimezone']
  const zone = typeof timezone === 'string' ? fixedZone(timezone) : ZURICH
  if (zone === null) return 'error' in expect ? null : `unknown zone ${String(timezone)}`
  if ('error' in expect) return 'expected a refusal'
  const reader = new DateReader(read.forms, zone, ZURICH)
  for (const [index, line] of strings(input['lines']).entries()) {
    const [before, , after, seconds] = (expect['results'] as DateResult[])[index] ?? ['', '', '', null]
    const cut = reader.cut(line, NOW)
    if (cut !== `${before}${after}\n`)
      return `${line}: rest is ${show(cut)}, expected ${show(before + after)}`
    const at = reader.at(NOW)
    // Where no date is wanted the clock stands in for it.
    const ours = at === null && seconds !== null ? NOW : at
    const isSame =
      ours === null || seconds === null ? ours === seconds : Math.abs(ours / 1000 - seconds) < 0.002
    if (!isSame) return `${line}: time is ${ours}, expected ${seconds}`
  }
  return null
}

function checkLines(one: Case): string | null {
  const filter = one.in['filter'] as Record<string, string | number | readonly string[]>
  const settings = Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [name, [value].flat().map(String)]),
  )
  const find = finderOr(settings)
  if (typeof find === 'string') return isRefused(one) ? null : find
  if (isRefused(one)) return 'expected a refusal'
  const lines = strings(one.in['lines'])
  const results = one.expect['results'] as (readonly Failure[])[]
  const found = lines.map((text) => find({ source: '/log', text, readAt: NOW }))
  for (const [index, ours] of found.entries()) {
    const stray = lineDiffers(ours, results[index] ?? [])
    if (stray !== null) return `${lines[index]}: ${stray}`
  }
  return null
}

function finderOr(settings: Record<string, string[]>): ReturnType<typeof makeFinder> | string {
  try {
    return makeFinder(settings)
  } catch (error) {
    if (error instanceof NotCompiled) return error.message
    throw error
  }
}

function lineDiffers(ours: Found | null, [theirs]: readonly Failure[]): string | null {
  if (theirs === undefined) return ours === null ? null : `found ${ours.id}, expected nothing`
  if (ours === null) return `found nothing, expected ${theirs.id}`
  return difference(ours, theirs) ?? compare(ours.matches, theirs.matches)
}

function checkConfig(one: Case): string | null {
  const { ours, theirs } = runConfigCase(one)
  return compare(ours, theirs)
}

function checkTags(one: Case): string | null {
  const { command, properties, info, family } = one.in
  const result = commandOf(String(command), {
    properties: properties as Properties,
    info: info as BanInfo,
    family: String(family),
  })
  if (!result.ok) return isRefused(one) ? null : result.reason
  const { args } = result
  return compare({ command: result.command, ...(args.length === 0 ? {} : { args }) }, one.expect)
}

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['time', checkTime],
  ['since', ({ in: input, expect }) => compare({ text: roundedDuration(number(input['seconds'])) }, expect)],
  ['ip', checkAddress],
  ['ignore', checkIgnored],
  ['increment', checkIncrement],
  ['count', checkCount],
  ['date', checkDates],
  ['lines', checkLines],
  ['tags', checkTags],
  ...CONFIG_KINDS.map((kind): [string, Check] => [kind, checkConfig]),
])

/** Runs a case of the semantics; a kind that is not known fails. */
export function runCase(one: Case): Outcome {
  const { id, kind } = one
  try {
    const check = CHECKS.get(kind)
    return { id, kind, failure: check === undefined ? 'no such thing here' : check(one) }
  } catch (error) {
    return { id, kind, failure: error instanceof Error ? `threw ${error.message}` : String(error) }
  }
}

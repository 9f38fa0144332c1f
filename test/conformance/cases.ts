import { isDeepStrictEqual } from 'node:util'
import { contains, familyOf, parseDuration, parseTarget } from '@warder/core'
import { readAddressOrText } from '../../packages/conf/src/address.ts'
import { commandOf, type BanInfo, type Properties } from '../../packages/conf/src/command.ts'
import { grownBantime, readGrowth } from '../../packages/core/src/ban/growth.ts'
import { DateReader } from '../../packages/core/src/date/detect.ts'
import { fixedZone } from '../../packages/core/src/date/zone.ts'
import { readDatepattern } from '../../packages/core/src/date/pattern.ts'
import { RateCounter } from '../../packages/core/src/failure/rate.ts'
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

function checkIgnored(one: Case): string | null {
  const list = strings(one.in['list']).map(readAddressOrText)
  const ip = readAddressOrText(String(one.in['ip']))
  if ([...list, ip].some(({ kind }) => kind === 'refused')) return isRefused(one) ? null : 'is refused'
  // A text is a host name, which nothing resolves here.
  const ignored = list.some(
    (entry) => entry.kind === 'target' && ip.kind === 'target' && contains(entry.target, ip.target),
  )
  return compare({ ignored }, one.expect)
}

function checkIncrement(one: Case): string | null {
  const options = one.in['options'] as Record<string, string>
  const growth = readGrowth((name) => options[name])
  if (!growth.ok) return isRefused(one) ? null : growth.problem
  const bantime = grownBantime(growth.growth, {
    bantime: number(one.in['bantime']),
    count: number(one.in['count']),
  })
  if (isRefused(one)) return bantime === null ? null : `is ${bantime}, expected a refusal`
  const theirs = number(one.expect['bantime'])
  const isClose = bantime !== null && Math.abs(bantime - theirs) <= Math.abs(theirs) * 1e-9
  return isClose ? null : `is ${bantime}, expected ${theirs}`
}

type Ticked = readonly [at: number, id: string, ...rest: unknown[]]

function checkCount({ in: input, expect }: Case): string | null {
  const counter = new RateCounter({
    maxretry: number(input['maxretry']),
    findtime: number(input['findtime']),
    maxmatches: number(input['maxmatches']),
  })
  const bans: unknown[] = []
  for (const [at, id] of input['events'] as Ticked[]) {
    const ticket = counter.count(id, { at: at * 1000, line: `l${at}` })
    if (ticket !== null) bans.push([at, id, ticket.failures, ticket.seen, ticket.lines])
  }
  const left = counter.left().map(({ id, failures, last }) => [id, failures, last / 1000])
  return compare({ bans, left }, expect)
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

import type { Random } from '../bench/random.ts'
import type { LineRecord } from '../conformance/corpus.ts'

/** A line at a moment, in seconds. */
export type TimedLine = readonly [at: number, text: string]

/** A sample line with room for another time and another address. */
interface Template {
  readonly fill: (at: number, ip: string) => string
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ')
const two = (value: number): string => String(value).padStart(2, '0')

/** How a moment is written, field by field, in UTC. */
function written(at: number): Record<string, string> {
  const date = new Date(at * 1000)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')
  return {
    ...{ year: String(year), month: two(month + 1), name: MONTHS[month] ?? '', day: two(day) },
    ...{ padded: String(day).padStart(2, ' '), weekday: DAYS[date.getUTCDay()] ?? '', time },
  }
}

/** The ways in which the samples write their time, and how to write another one in its place. */
const DATES: readonly (readonly [RegExp, (at: ReturnType<typeof written>) => string])[] = [
  [
    /\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4}\b/,
    ({ weekday, name, padded, time, year }) => `${weekday} ${name} ${padded} ${time} ${year}`,
  ],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\b/, ({ year, month, day, time }) => `${year}-${month}-${day}T${time}`],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/, ({ year, month, day, time }) => `${year}-${month}-${day} ${time}`],
  [/\b\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\b/, ({ year, month, day, time }) => `${year}/${month}/${day} ${time}`],
  [
    /\b\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}/,
    ({ day, name, year, time }) => `${day}/${name}/${year}:${time} +0000`,
  ],
  [
    /\b\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\b/,
    ({ day, name, year, time }) => `${day}-${name}-${year} ${time}`,
  ],
  [/^[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d\b/, ({ name, padded, time }) => `${name} ${padded} ${time}`],
]

/** A template of a line; null where its time is written in a way that is not known, or has a zone that is not UTC. */
function templateOf({ line, expect }: LineRecord): Template | null {
  const { host = '' } = expect
  if (/[+-]\d\d:?\d\d\b/.test(line) && !/\d\d\/[A-Z][a-z]{2}\/\d{4}:/.test(line)) return null
  for (const [date, write] of DATES) {
    const found = date.exec(line)
    if (found === null) continue
    const [before, after] = [line.slice(0, found.index), line.slice(found.index + found[0].length)]
    const put = (text: string, ip: string): string => (host === '' ? text : text.replaceAll(host, ip))
    return { fill: (at, ip) => `${put(before, ip)}${write(written(at))}${put(after, ip)}` }
  }
  return null
}

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/

/** 2025-06-01 12:00 in UTC. */
const START = 1_748_779_200
const ADDRESSES = 12

/**
 * A log made of the samples of a filter: what they find, and what they do not find in between, at other times and from
 * other addresses. Null where no sample that finds an address can be filled in.
 */
export function makeLog(
  records: readonly LineRecord[],
  random: Random,
  length: number,
): readonly TimedLine[] | null {
  const isFound = ({ expect }: LineRecord): boolean => expect.match && IPV4.test(expect.host ?? '')
  const templates = (wanted: boolean): readonly Template[] =>
    records.filter((record) => isFound(record) === wanted).flatMap((record) => templateOf(record) ?? [])
  const [failing, noise] = [templates(true), templates(false)]
  if (failing.length === 0) return null
  const addresses = Array.from({ length: ADDRESSES }, (_, at) => `198.51.100.${at * 20 + random.int(20)}`)
  const lines: TimedLine[] = []
  let at = START
  for (let line = 0; line < length; line++) {
    at += random.pick([0, 0, 1, 3, 10, 30, 90, 240])
    const isNoise = noise.length > 0 && random.int(4) === 0
    // A few addresses try more often than the others.
    const ip = random.pick(addresses.slice(0, 1 + random.int(ADDRESSES)))
    lines.push([at, random.pick(isNoise ? noise : failing).fill(at, ip)])
  }
  return lines
}

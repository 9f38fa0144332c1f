import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeRandom } from '../bench/random.ts'
import { readSampleLogs } from '../conformance/annotated.ts'
import { NOW, type Failure, type LineRecord } from '../conformance/corpus.ts'
import { runLines } from '../conformance/lines.ts'
import { readTree } from '../conformance/run.ts'
import { debianPackage, PACKAGE } from '../fail2ban/package.ts'
import { mutate } from './mutate.ts'

const SEEDS = [1, 2]
/** How many lines of each stream are changed, in the place of each original. */
const CHANGED = 0.8

type Stream = readonly LineRecord[]

const hasPython = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0
const debian = hasPython ? debianPackage() : null

/** The samples, each filter with the same options a stream of its own, most lines changed. */
function changedStreams(records: readonly LineRecord[], seed: number): readonly Stream[] {
  const random = makeRandom(seed)
  return [...Map.groupBy(records, ({ stream }) => stream).values()].map((stream) => {
    const lines = stream.map(({ line }) => line)
    return stream.map((record) => ({
      ...record,
      id: `${record.id}, changed by ${seed}`,
      stream: `${record.stream} ${seed}`,
      line: random.below(1) < CHANGED ? mutate(record.line, lines, random) : record.line,
    }))
  })
}

/** What fail2ban finds in each line of each stream; null: it could not cope with a stream. */
function theirFailures(
  folder: string,
  streams: readonly Stream[],
): readonly ((readonly Failure[])[] | null)[] {
  const input = JSON.stringify({
    library: join(folder, PACKAGE.library),
    config: join(folder, PACKAGE.config),
    now: NOW / 1000,
    zone: 'Europe/Zurich',
    streams: streams.map((stream) => ({
      filter: stream[0]?.filter,
      options: stream[0]?.options,
      source: stream[0]?.source,
      lines: stream.map(({ prefix = '', line }) => prefix + line),
    })),
  })
  const script = join(import.meta.dirname, 'lines.py')
  return JSON.parse(execFileSync('python3', [script], { input, maxBuffer: 64 * 1024 * 1024 }).toString())
}

describe('sample lines that were changed by chance are decided as in fail2ban', () => {
  if (debian === null) {
    it.skip("by its own filters (skipped: needs python3 and Debian's package)")
    return
  }
  const samples = readSampleLogs(join(debian, PACKAGE.logs)).filter(
    ({ filter }) => !filter.startsWith('zzz-'),
  )
  const streams = SEEDS.flatMap((seed) => changedStreams(samples, seed))
  const theirs = theirFailures(debian, streams)
  const records = streams.flatMap((stream, which) =>
    stream.flatMap((record, at): LineRecord[] => {
      const failures = theirs[which]?.[at]
      return failures === undefined
        ? []
        : [{ ...record, expect: { match: failures.length > 0 }, oracle: { failures } }]
    }),
  )
  const outcomes = runLines(records, readTree(join(debian, PACKAGE.config)))
  const strays = outcomes.filter(({ failure }) => failure !== null)
  const matching = records.filter(({ expect: { match } }) => match)

  it(`in ${outcomes.length - strays.length} of ${outcomes.length} lines, ${matching.length} of them failures`, () => {
    expect(strays.slice(0, 10)).toEqual([])
    expect(outcomes.length).toBeGreaterThan(2_500)
    expect(matching.length).toBeGreaterThan(700)
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogueFolder } from './shipped.ts'

/** A sample line of a filter with what is expected of it. */
export interface Sample {
  /** Where the line stands in samples.log, from 1. */
  readonly number: number
  /** How the filter is used, e.g. `mode=aggressive`; empty: as it is. */
  readonly options: string
  /** From a file as text, or from the journal as an entry in JSON. */
  readonly from: 'file' | 'journal'
  readonly text: string
  readonly expect: { readonly ip: string; readonly user: string | null } | null
  /** Why nothing may be found, where nothing is expected. */
  readonly reason: string
}

/**
 * Parses samples.log. Every sample has its expectation in the line above: `# match ip=192.0.2.1 user=root` (a name with
 * blanks as a JSON string, none: not compared) or `# no match: reason`. `# use mode=aggressive` sets the filter's
 * options for what follows, `# use` takes them back. A line that begins with `{"__` is a journal entry. `{{x*1000}}`
 * stands for a thousand times x. Other comments begin with `##`. Throws an Error for anything else.
 */
export function parseSamples(text: string): readonly Sample[] {
  const samples: Sample[] = []
  let options = ''
  let expected: Pick<Sample, 'expect' | 'reason'> | null = null
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('##')) continue
    const use = /^# use ?(.*)$/.exec(line)
    if (use !== null) {
      options = use[1] ?? ''
    } else if (line.startsWith('# ')) {
      expected = readExpectation(line, index + 1)
    } else {
      if (expected === null) throw new Error(`line ${index + 1}: a sample without an expectation above it`)
      const from = line.startsWith('{"__') ? 'journal' : 'file'
      samples.push({ number: index + 1, options, from, text: repeat(line), ...expected })
      expected = null
    }
  }
  return samples
}

/** The samples of a shipped filter, of failures or of successes. */
export function readSamples(name: string, file = 'samples.log'): readonly Sample[] {
  return parseSamples(readFileSync(join(catalogueFolder(), name, file), 'utf8'))
}

function readExpectation(line: string, number: number): Pick<Sample, 'expect' | 'reason'> {
  const reason = /^# no match: (.+)$/.exec(line)?.[1]
  if (reason !== undefined) return { expect: null, reason }
  const [, ip, user] = /^# match ip=(\S+)(?: user=(.+))?$/.exec(line) ?? []
  if (ip === undefined) throw new Error(`line ${number}: neither "# match ip=" nor "# no match: reason"`)
  return { expect: { ip, user: user === undefined ? null : readUser(user) }, reason: '' }
}

function readUser(text: string): string {
  if (!text.startsWith('"')) return text
  const user: unknown = JSON.parse(text)
  return typeof user === 'string' ? user : ''
}

function repeat(line: string): string {
  return line.replace(/\{\{(.+?)\*(\d+)\}\}/g, (_, piece: string, count: string) =>
    piece.repeat(Number(count)),
  )
}

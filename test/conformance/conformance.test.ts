import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { debianPackage, PACKAGE } from '../fail2ban/package.ts'
import { readSampleLogs } from './annotated.ts'
import type { Outcome } from './corpus.ts'
import { runLines } from './lines.ts'
import { readTree, runFile } from './run.ts'
import { stockFilters } from './stock.ts'

const CORPUS = process.env['WARDER_CORPUS'] ?? ''
/** The snapshot that the upstream corpus was made from, its `config`. */
const UPSTREAM = process.env['WARDER_FAIL2BAN_UPSTREAM'] ?? ''

const failuresOf = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.filter(({ failure }) => failure !== null).map(({ id, failure }) => `${id}: ${failure}`)

/** A title with the count, so that it stands in the output. */
const counted = (what: string, outcomes: readonly Outcome[]): string =>
  `${what}: ${outcomes.filter(({ failure }) => failure === null).length} of ${outcomes.length}`

const debian = debianPackage()
const debianTree = debian === null ? null : readTree(join(debian, PACKAGE.config))
const upstreamTree = existsSync(join(UPSTREAM, 'filter.d')) ? readTree(UPSTREAM) : null

const FILES = [
  ['fail2ban-semantics-visible.jsonl', null, true],
  ['fail2ban-debian-1.0.2-visible.jsonl', debianTree, debianTree !== null],
  ['fail2ban-upstream-visible.jsonl', upstreamTree, upstreamTree !== null],
] as const

describe('conformance with fail2ban', () => {
  for (const [file, tree, isReady] of FILES) {
    const path = join(CORPUS, file)
    if (!existsSync(path) || !isReady) {
      it.skip(`${file} (skipped: needs the corpus and the configuration that it was made with)`)
      continue
    }
    const outcomes = runFile(path, tree)
    it(counted(file, outcomes), () => {
      expect(failuresOf(outcomes)).toEqual([])
    })
  }

  if (debian === null || debianTree === null) {
    it.skip("the annotated logs of Debian's package (skipped: it cannot be downloaded here)")
    return
  }
  const outcomes = runLines(readSampleLogs(join(debian, PACKAGE.logs)), debianTree)
  const filters = new Set(outcomes.map(({ kind }) => kind).filter((name) => !name.startsWith('zzz-')))
  it(counted(`the annotated logs of Debian's package (${filters.size} filters)`, outcomes), () => {
    expect(filters.size).toBe(stockFilters(debian).length)
    expect(failuresOf(outcomes)).toEqual([])
  })
})

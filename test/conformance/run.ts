import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Tree } from '../../packages/conf/src/include.ts'
import { runCase } from './cases.ts'
import { isCase, isLine, readRecords, type Outcome } from './corpus.ts'
import { runLines } from './lines.ts'

/** All files below a folder by their relative path. Throws where it cannot be read. */
export function filesIn(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = entries.map((entry) => join(entry.parentPath, entry.name))
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path, 'utf8')] as const))
}

/** Where fail2ban's own tests define a few more filters: beside the source's config, or in the package's library. */
const TEST_CONFIGS = ['../fail2ban/tests/config', '../../usr/lib/python3/dist-packages/fail2ban/tests/config']

/** The filters of fail2ban's tests. Their includes lead from where they lie to the source's config. */
function testFilters(folder: string): (readonly [string, string])[] {
  const config = TEST_CONFIGS.map((path) => join(folder, path, 'filter.d')).find((path) => existsSync(path))
  if (config === undefined) return []
  return [...filesIn(config)]
    .filter(([path]) => path.startsWith('zzz-'))
    .map(
      ([path, text]) => [`filter.d/${path}`, text.replaceAll(/(?:\.\.\/)+config\/filter\.d\//g, '')] as const,
    )
}

/** A fail2ban configuration directory → its files. Throws where it cannot be read. */
export function readTree(folder: string): Tree {
  const files = new Map([...testFilters(folder), ...filesIn(folder)])
  return new Tree([{ name: folder, files }])
}

/** Runs a corpus file of line records and cases. Records of another form fail by their number. */
export function runFile(path: string, tree: Tree | null): readonly Outcome[] {
  const records = readRecords(path)
  const unknown = records.flatMap((record, index): Outcome[] =>
    isLine(record) || isCase(record)
      ? []
      : [{ id: `record ${index + 1}`, kind: 'unknown', failure: 'neither a line record nor a case' }],
  )
  return [...runLines(records.filter(isLine), tree), ...records.filter(isCase).map(runCase), ...unknown]
}

/** Scores of each kind: passed of all. */
export function scoresOf(outcomes: readonly Outcome[]): ReadonlyMap<string, { passed: number; all: number }> {
  const scores = new Map<string, { passed: number; all: number }>()
  for (const { kind, failure } of outcomes) {
    const { passed, all } = scores.get(kind) ?? { passed: 0, all: 0 }
    scores.set(kind, { passed: passed + (failure === null ? 1 : 0), all: all + 1 })
  }
  return scores
}

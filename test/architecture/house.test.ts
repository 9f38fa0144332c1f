import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** The text of a file without its imports and comments. */
const code = (file: string): string => read(file).replaceAll(/^import .*$|\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')

/** Every file of the repository, also those not committed yet. */
const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)))
const CODE = FILES.filter((file) => /^(packages|apps|tools|test)\/.*\.(ts|svelte|mjs)$/.test(file))
const SOURCE = CODE.filter(
  (file) => /^(packages|apps)\/[^/]+\/src\//.test(file) && !/\.(test|prop\.test)\.ts$/.test(file),
)
const MANIFESTS = FILES.filter((file) => /^(packages|apps)\/[^/]+\/package\.json$/.test(file))

const BANNED_WORDS =
  /(^|[-./])(utils?|helpers?|common|shared|misc|base|managers?|services?|processors?|handlers?|dto|entity|entities|impl|whitelist|blacklist)([-./]|$)/i
/** `service/` is the simulated world's word for sshd and its like. */
const DOMAIN_WORDS = /^packages\/simulator\/src\/service\//

function dependencies(manifest: string): readonly string[] {
  const { dependencies: list = {} } = JSON.parse(read(manifest)) as { dependencies?: Record<string, string> }
  return Object.keys(list).filter((name) => !name.startsWith('@warder/'))
}

describe('the house', () => {
  it('has no file in which everything lands', () => {
    const large = CODE.map(
      (file) =>
        [
          file,
          read(file)
            .split('\n')
            .filter((line) => line.trim() !== '').length,
        ] as const,
    )
    expect(large.filter(([, lines]) => lines > 400)).toEqual([])
  })

  it('uses the words of the glossary in names of files and folders', () => {
    expect(CODE.filter((file) => BANNED_WORDS.test(file) && !DOMAIN_WORDS.test(file))).toEqual([])
  })

  it('reads arguments and environment, and ends the process, in main.ts and config/ alone', () => {
    const allowed = (file: string) => basename(file) === 'main.ts' || file.includes('/config/')
    const strays = SOURCE.filter((file) => !allowed(file) && /process\.(env|argv|exit)\b/.test(read(file)))
    expect(strays).toEqual([])
  })

  it('has the SQL and the words of SQLite on the server in the folder of that backend alone', () => {
    const sql =
      /\b(SELECT\s[\s\S]*\sFROM|INSERT (OR \w+ )?INTO|DELETE FROM|UPDATE \w+ SET|CREATE (UNIQUE )?(TABLE|INDEX)|PRAGMA)\b|\.prepare(<|\()|\bsqlite\b/
    const allowed = /^apps\/server\/(src\/(sqlite\/|backend\.ts$)|rolldown\.config\.ts$)/
    const strays = FILES.filter((file) => file.startsWith('apps/server/') && !allowed.test(file)).filter(
      (file) => file.endsWith('.sql') || (file.endsWith('.ts') && sql.test(code(file))),
    )
    expect(strays).toEqual([])
  })

  it('replaces no module in a test', () => {
    expect(
      CODE.filter(
        (file) => file !== 'test/architecture/house.test.ts' && /\bvi\.(mock|doMock)\(/.test(read(file)),
      ),
    ).toEqual([])
  })

  it('puts no text into HTML unescaped', () => {
    expect(SOURCE.filter((file) => /\{@html\b|\.innerHTML\b/.test(read(file)))).toEqual([])
  })

  it('justifies every run-time dependency in the documentation', () => {
    const page = read('docs/dependencies.md')
    const unnamed = MANIFESTS.flatMap((manifest) =>
      dependencies(manifest).filter((name) => !page.includes(`\`${name}\``)),
    )
    expect(unnamed).toEqual([])
  })

  it('keeps the agent light: its dependencies are these', () => {
    expect(dependencies('apps/agent/package.json').toSorted()).toEqual(['better-sqlite3', 'ws', 'zod'])
  })

  it('names no address of a registry', () => {
    const addresses = FILES.filter((file) =>
      /(^|\/)(pnpm-lock\.yaml|package\.json|\.npmrc|pnpm-workspace\.yaml)$/.test(file),
    ).filter((file) => /https?:\/\/[^\s"']*(registry|npmjs|yarnpkg)/.test(read(file)))
    expect(addresses).toEqual([])
  })

  it('links only to what exists in its documentation', () => {
    const broken = FILES.filter((file) => file.endsWith('.md')).flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map(([, target]) => join(file, '..', target ?? ''))
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${file} → ${target}`),
    )
    expect(broken).toEqual([])
  })

  it('shows files that exist in the two journeys of ARCHITECTURE.md', () => {
    const named = [
      ...read('docs/ARCHITECTURE.md').matchAll(/`((?:packages|apps)\/[\w./-]+\.(?:ts|svelte))`/g),
    ].map(([, file]) => file ?? '')
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })
})

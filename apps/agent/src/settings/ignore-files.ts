import { readFile, stat } from 'node:fs/promises'
import { splitIgnoreFile } from '@warder/conf'
import type { JailDefinition } from '@warder/core'
import type { Decision } from './decide.ts'

const FILE_LIMIT_BYTES = 1_048_576

/** What the files that `ignoreip` names hold, by path; null: it cannot be read. */
export type IgnoreFiles = ReadonlyMap<string, string | null>

/** Reads the files that jails which run name. Never rejects. */
export async function readIgnoreFiles(decisions: readonly Decision[]): Promise<IgnoreFiles> {
  const paths = new Set(decisions.flatMap(filesOf))
  return new Map(await Promise.all([...paths].map(async (path) => [path, await readText(path)] as const)))
}

/** A jail with what its files say beside what its configuration says. */
export function withFiles(decision: Decision, files: IgnoreFiles): Decision {
  const paths = filesOf(decision)
  if (decision.state !== 'running' || paths.length === 0) return decision
  const read = paths.map((path) => splitIgnoreFile(files.get(path) ?? ''))
  const { definition } = decision.jail
  const widened: JailDefinition = {
    ...definition,
    ignoreip: [...definition.ignoreip, ...read.flatMap(({ ignoreip }) => ignoreip)],
    ignorehosts: [...(definition.ignorehosts ?? []), ...read.flatMap(({ ignorehosts }) => ignorehosts)],
  }
  return { ...decision, jail: { ...decision.jail, definition: widened } }
}

const filesOf = (decision: Decision): readonly string[] =>
  decision.state === 'running' ? (decision.jail.definition.ignorefiles ?? []) : []

async function readText(path: string): Promise<string | null> {
  try {
    const facts = await stat(path)
    return facts.isFile() && facts.size <= FILE_LIMIT_BYTES ? await readFile(path, 'utf8') : null
  } catch {
    return null
  }
}

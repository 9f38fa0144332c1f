import { readFile } from 'node:fs/promises'
import { parse as parseToml, TomlError } from 'smol-toml'
import en from 'zod/v4/locales/en.js'
import * as z from 'zod/mini'

// The small zod says only "Invalid input" until it is given a language.
z.config(en())

/** All that is wrong with a configuration, at once; each names its place and what was expected. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(file: string, problems: readonly string[]) {
    super(`${file}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/**
 * Reads a TOML file into a schema. A missing file is an empty one when `optional`.
 * @throws ConfigError with every problem: syntax with line and column, unknown keys, values out of bounds.
 */
export async function loadConfig<T>(file: string, schema: z.ZodMiniType<T>, optional = false): Promise<T> {
  return checkConfig(file, await readToml(file, optional), schema)
}

async function readToml(file: string, optional: boolean): Promise<unknown> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (err) {
    if (optional && (err as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new ConfigError(file, [`cannot be read: ${(err as Error).message}`])
  }
  try {
    return parseToml(text)
  } catch (err) {
    if (!(err instanceof TomlError)) throw err
    throw new ConfigError(file, [`line ${err.line}, column ${err.column}: ${err.message.split('\n')[0]}`])
  }
}

/** A value that should fit a configuration schema → the checked value. @throws ConfigError */
export function checkConfig<T>(file: string, value: unknown, schema: z.ZodMiniType<T>): T {
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  throw new ConfigError(
    file,
    checked.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`),
  )
}

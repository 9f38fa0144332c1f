import { parseDuration, unknownTags, type IgnoreCacheDefinition, type IgnoreCommand } from '@warder/core'
import { shellWords } from './journalmatch.ts'
import { quote } from './problem.ts'
import { parseReference } from './reference.ts'

/** A command that can be run, or why not; null where there is none. */
export type IgnoreCommandRead =
  | { readonly ok: true; readonly command: IgnoreCommand | null; readonly remarks: readonly string[] }
  | { readonly ok: false; readonly reason: string }

/** What only a shell makes something of, outside of tags and quotes. */
const SHELL = /[|;&$`(){}<>]/

/**
 * Splits an `ignorecommand` into a program and its arguments, as a shell would where only quotes and backslashes are
 * special. What needs a real shell is refused: log text must never come near one.
 */
export function readIgnoreCommand(text: string): IgnoreCommandRead {
  const command = shellWords(text)
  if (command === null)
    return { ok: false, reason: `${quote(text)} has a quote or backslash without its end` }
  if (command.length === 0) return { ok: true, command: null, remarks: [] }
  const unquoted = text.replace(/'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|<[A-Za-z][\w-]*>/g, 'x')
  if (SHELL.test(unquoted))
    return { ok: false, reason: `${quote(text)} needs a shell, and none is used; put it into a script` }
  if (command[0] === '' || unknownTags(command[0] ?? '').length > 0 || command[0]?.includes('<'))
    return { ok: false, reason: `${quote(text)} does not begin with a program` }
  const unknown = [...new Set(command.flatMap(unknownTags))]
  const remarks = unknown.map((tag) => `${tag} is not filled in and stays as it is`)
  return { ok: true, command, remarks }
}

/** Reads `key="<ip>", max-count=100, max-time=5m`; null where a key is missing or a number is none. */
export function readIgnoreCache(text: string): IgnoreCacheDefinition | null {
  const parsed = parseReference(`cache[${text}]`)
  if (!parsed.ok) return null
  const { options } = parsed.reference
  const key = options.get('key') ?? ''
  const maxCount = Number(options.get('max-count') ?? '100')
  const maxTime = parseDuration(options.get('max-time') ?? '5m')
  const isUsable = key !== '' && Number.isInteger(maxCount) && maxCount > 0 && maxTime !== null && maxTime > 0
  return isUsable ? { key, maxCount: Math.min(maxCount, 10_000), maxTime } : null
}

import { splitIgnoreip } from '@warder/conf'
import type { JailDefinition, JailOverrides, JailSettings, SettingsOverride } from '@warder/core'
import type { Decision } from './decide.ts'

/** What was changed of a jail by hand on this node. It is kept in memory only: see docs/cli.md for how long it holds. */
export interface LocalChange {
  readonly settings: SettingsOverride
  /** Words of ignoreip beside those of the configuration. */
  readonly ignore: readonly string[]
  /** Words of the configuration's ignoreip that do not count now. */
  readonly unignore: readonly string[]
}

/** Local changes by jail. */
export type LocalTuning = ReadonlyMap<string, LocalChange>

/** What can be changed, as it is told in a status. */
export type LocalKey = keyof JailSettings | 'ignoreip'

export const NO_LOCAL_TUNING: LocalTuning = new Map()
const NOTHING: LocalChange = { settings: {}, ignore: [], unignore: [] }

/** The tuning after one more change of a jail. A word that is added counts again, one that is taken out counts no more. */
export function joinLocal(before: LocalTuning, jail: string, change: LocalChange): LocalTuning {
  const known = before.get(jail) ?? NOTHING
  const joined: LocalChange = {
    settings: { ...known.settings, ...change.settings },
    ignore: [...new Set([...without(known.ignore, change.unignore), ...change.ignore])],
    unignore: [...new Set([...without(known.unignore, change.ignore), ...change.unignore])],
  }
  return new Map([...before, [jail, joined]])
}

/** The server's wishes with what was changed here above them. */
export function overridesWith(wanted: JailOverrides, local: LocalTuning): JailOverrides {
  const above = new Map(Object.entries(wanted))
  for (const [jail, { settings }] of local) above.set(jail, { ...above.get(jail), ...settings })
  return Object.fromEntries(above)
}

/** A jail with its ignoreip as it was changed here. */
export const withLocal = (decision: Decision, local: LocalTuning): Decision =>
  decision.state === 'running' && local.has(decision.name)
    ? {
        ...decision,
        jail: { ...decision.jail, definition: definedWith(decision.jail.definition, local) },
      }
    : decision

/** The same for its definition. */
export function definedWith(definition: JailDefinition, local: LocalTuning): JailDefinition {
  const change = local.get(definition.name)
  if (change === undefined) return definition
  const added = splitIgnoreip(change.ignore.join(' '))
  const join = (before: readonly string[] = [], more: readonly string[]): readonly string[] => [
    ...new Set([...without(before, change.unignore), ...more]),
  ]
  return {
    ...definition,
    ignoreip: join(definition.ignoreip, added.ignoreip),
    ignorehosts: join(definition.ignorehosts, added.ignorehosts),
  }
}

/** What of a jail is not as its files and its server say. */
export function localKeys(change: LocalChange | undefined): readonly LocalKey[] {
  if (change === undefined) return []
  const { settings, ignore, unignore } = change
  const keys = (['enabled', 'maxretry', 'findtime', 'bantime'] as const).filter(
    (key) => settings[key] !== undefined,
  )
  return ignore.length + unignore.length > 0 ? [...keys, 'ignoreip'] : keys
}

/** The words of a jail's ignoreip, as they were written. */
export const ignoredWords = ({
  ignoreip,
  ignorehosts = [],
  ignorefiles = [],
}: JailDefinition): readonly string[] => [
  ...ignoreip,
  ...ignorehosts,
  ...ignorefiles.map((path) => `file:${path}`),
]

const without = (words: readonly string[], gone: readonly string[]): readonly string[] =>
  words.filter((word) => !gone.includes(word))

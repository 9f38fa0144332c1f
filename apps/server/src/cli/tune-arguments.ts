import { parseDuration, parsePolicy } from '@warder/core'
import type { SettingsBody } from '@warder/protocol/api'
import { parseArgs } from 'node:util'
import type { Flags } from '../config/load.ts'

/** Where a jail is tuned. */
export type Where =
  | { readonly kind: 'fleet' }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'node'; readonly name: string }

type Settings = Pick<SettingsBody, 'enabled' | 'maxretry' | 'findtime' | 'bantime' | 'policy'>

/** What is asked of a running server. */
export type Asked =
  | {
      readonly kind: 'tune'
      readonly jail: string
      readonly where: Where
      readonly settings: Settings
      readonly preview: boolean
      readonly confirmWithin: number | undefined
      readonly reason: string | undefined
    }
  | { readonly kind: 'history'; readonly limit: number }
  | {
      readonly kind: 'rollback'
      readonly revision: number
      readonly confirmWithin: number | undefined
      readonly reason: string | undefined
    }
  | { readonly kind: 'groups' }
  | {
      readonly kind: 'group'
      readonly name: string
      /** Null: it is removed. */
      readonly nodes: readonly string[] | null
      readonly reason: string | undefined
    }

/** How the server is reached; what is not said follows from its configuration and the environment. */
export interface Reach {
  readonly server: string | undefined
  readonly tokenFile: string | undefined
}

export type AskedRead =
  | { readonly ok: true; readonly asked: Asked; readonly reach: Reach; readonly flags: Flags }
  | { readonly ok: false; readonly problem: string }

export const ASKING = ['tune', 'history', 'rollback', 'groups', 'group'] as const

const OPTIONS = {
  config: { type: 'string' },
  port: { type: 'string' },
  'data-dir': { type: 'string' },
  server: { type: 'string' },
  'token-file': { type: 'string' },
  maxretry: { type: 'string' },
  findtime: { type: 'string' },
  bantime: { type: 'string' },
  enabled: { type: 'string' },
  policy: { type: 'string' },
  node: { type: 'string' },
  group: { type: 'string' },
  nodes: { type: 'string' },
  remove: { type: 'boolean' },
  preview: { type: 'boolean' },
  'confirm-within': { type: 'string' },
  reason: { type: 'string' },
  limit: { type: 'string' },
} as const

/** A problem with how something is written. */
class Wrong extends Error {}

const INHERIT = 'inherit'

/** A value, null where it is taken back, undefined where it is not named. @throws Wrong */
function value<T>(
  option: string,
  text: string | undefined,
  read: (text: string) => T | null,
): T | null | undefined {
  if (text === undefined) return undefined
  if (text === INHERIT) return null
  const found = read(text)
  if (found === null) throw new Wrong(`--${option} does not take "${text.slice(0, 100)}".`)
  return found
}

const count = (text: string): number | null => (/^\d{1,6}$/.test(text) ? Number(text) : null)
const yesOrNo = (text: string): boolean | null => (text === 'yes' ? true : text === 'no' ? false : null)

/** Seconds of an option that cannot be taken back. */
function seconds(option: string, text: string | undefined): number | undefined {
  const read = value(option, text, parseDuration)
  if (read === null) throw new Wrong(`--${option} takes a time such as 60s.`)
  return read
}

type Values = ReturnType<typeof parse>['values']
const parse = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })

function whereOf({ node, group }: Values): Where {
  if (node !== undefined && group !== undefined) throw new Wrong('Name --node or --group, not both.')
  if (node !== undefined) return { kind: 'node', name: node }
  return group === undefined ? { kind: 'fleet' } : { kind: 'group', name: group }
}

function settingsOf(values: Values): Settings {
  const all = {
    enabled: value('enabled', values.enabled, yesOrNo),
    maxretry: value('maxretry', values.maxretry, count),
    findtime: value('findtime', values.findtime, parseDuration),
    bantime: value('bantime', values.bantime, parseDuration),
    policy: value('policy', values.policy, parsePolicy),
  }
  return Object.fromEntries(Object.entries(all).filter(([, each]) => each !== undefined))
}

function askedOf(verb: (typeof ASKING)[number], name: string | undefined, values: Values): Asked {
  const { reason } = values
  const confirmWithin = seconds('confirm-within', values['confirm-within'])
  const preview = values.preview === true
  switch (verb) {
    case 'tune': {
      if (name === undefined) throw new Wrong('tune needs the name of a jail.')
      const settings = settingsOf(values)
      if (Object.keys(settings).length === 0)
        throw new Wrong('tune needs at least one of --maxretry, --findtime, --bantime, --enabled, --policy.')
      return { kind: 'tune', jail: name, where: whereOf(values), settings, preview, confirmWithin, reason }
    }
    case 'history':
      return { kind: 'history', limit: Math.min(500, Math.max(1, Number(values.limit ?? 20) || 20)) }
    case 'rollback': {
      const revision = count(name ?? '')
      if (revision === null) throw new Wrong('rollback needs the number of a revision.')
      return { kind: 'rollback', revision, confirmWithin, reason }
    }
    case 'groups':
      return { kind: 'groups' }
    case 'group': {
      if (name === undefined) throw new Wrong('group needs a name.')
      if ((values.nodes === undefined) === (values.remove !== true))
        throw new Wrong('group needs --nodes NAME,NAME or --remove.')
      const nodes = values.nodes?.split(',').flatMap((node) => node.trim() || []) ?? null
      return { kind: 'group', name, nodes, reason }
    }
  }
}

/** Arguments of the commands that ask a running server → what is asked. */
export function readAsked(args: readonly string[]): AskedRead {
  try {
    const { values, positionals } = parse(args)
    const [verb, name, ...more] = positionals
    const known = ASKING.find((one) => one === verb)
    if (known === undefined || more.length > 0)
      throw new Wrong(`"${positionals.join(' ')}" is no command of one name.`)
    const flags = { config: values.config, port: values.port, host: undefined, dataDir: values['data-dir'] }
    const reach = { server: values.server, tokenFile: values['token-file'] }
    return { ok: true, asked: askedOf(known, name, values), reach, flags }
  } catch (err) {
    return { ok: false, problem: err instanceof Error ? err.message : String(err) }
  }
}

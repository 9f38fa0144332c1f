import type { Configuration, Problem } from '@warder/conf'
import {
  compileJail,
  DEFAULT_SETTINGS,
  formatPorts,
  type CompiledJail,
  type FilterDefinition,
  type JailDefinition,
  type JailOverrides,
  type JailSettings,
} from '@warder/core'

/** What becomes of a jail on this node. */
export type Decision =
  | {
      readonly state: 'running'
      readonly name: string
      readonly jail: CompiledJail
      /** As the node's files say, before tuning: what is kept as the last good. */
      readonly configured: JailDefinition
      /** Why it is not what the files say now. */
      readonly reason?: string
    }
  | {
      readonly state: 'disabled' | 'failed'
      readonly name: string
      readonly filter: string
      readonly ports: string
      readonly configured: JailSettings
      readonly effective: JailSettings
      readonly reason?: string
      /** Its filter, as far as its files can be read. */
      readonly definition?: FilterDefinition
    }

/** What is decided on. */
export interface Given {
  readonly configuration: Configuration
  /** The server's wishes for this node. */
  readonly overrides: JailOverrides
  /** The jails that ran last, as they were configured then. */
  readonly lastGood: ReadonlyMap<string, JailDefinition>
}

/** What was decided, and what the compiler had to say. */
export interface Decided {
  readonly decisions: readonly Decision[]
  readonly problems: readonly Problem[]
}

/**
 * Every jail of the node, and whether it runs. A jail that ran and is broken now goes on as it was: a bad edit takes
 * no protection away.
 */
export function decide({ configuration, overrides, lastGood }: Given): Decided {
  const problems: Problem[] = []
  const configured = configuration.jails.map((definition) => {
    const effective = { ...definition.settings, ...overrides[definition.name] }
    if (!effective.enabled) return disabled(definition, effective)
    const tried = tryJail(definition, effective)
    if (tried.state === 'running') return tried
    for (const message of tried.problems)
      problems.push({
        severity: 'error',
        ...placeOf(configuration, definition.name, message),
        jail: definition.name,
        message,
      })
    const before = lastGood.get(definition.name)
    return (before && goOn(before, overrides)) ?? tried
  })
  const names = new Set(configured.map((decision) => decision.name))
  const broken = Map.groupBy(
    configuration.problems.filter(
      ({ jail, severity }) => jail !== undefined && !names.has(jail) && severity === 'error',
    ),
    ({ jail }) => jail ?? '',
  )
  const decisions = [...broken].map(([name, [first]]): Decision => {
    const before = lastGood.get(name)
    return (
      (before && goOn(before, overrides)) ?? failed(name, first?.message ?? 'its configuration is broken')
    )
  })
  return { decisions: [...configured, ...decisions], problems }
}

/** Where it was written that an expression cannot be compiled: the compiler names the option of the filter. */
export function placeOf(
  { places }: Configuration,
  jail: string,
  message: string,
): Pick<Problem, 'file' | 'line'> {
  const option = /^filter \S+: (\w+)/.exec(message)?.[1] ?? ''
  return places.get(jail)?.get(option) ?? {}
}

function disabled(definition: JailDefinition, effective: JailSettings): Decision {
  const { name, filter, ports, settings } = definition
  return {
    state: 'disabled',
    name,
    filter: filter.name,
    ports: formatPorts(ports),
    configured: settings,
    effective,
    definition: filter,
  }
}

const failed = (name: string, reason: string): Decision => ({
  state: 'failed',
  name,
  filter: name.slice(0, 64),
  ports: '',
  configured: DEFAULT_SETTINGS,
  effective: DEFAULT_SETTINGS,
  reason,
})

function tryJail(definition: JailDefinition, settings: JailSettings) {
  const compiled = compileJail({ ...definition, settings })
  const { name, filter, ports } = definition
  if (compiled.ok) return { state: 'running', name, jail: compiled.jail, configured: definition } as const
  return {
    state: 'failed',
    name,
    filter: filter.name,
    ports: formatPorts(ports),
    configured: definition.settings,
    effective: settings,
    reason: compiled.problems[0] ?? 'it does not compile',
    definition: filter,
    problems: compiled.problems,
  } as const
}

/** The last good form of a jail, under the wishes of now; null when it is not to run at all. */
function goOn(before: JailDefinition, overrides: JailOverrides): Decision | null {
  const settings = { ...before.settings, ...overrides[before.name] }
  if (!settings.enabled) return null
  const tried = tryJail(before, settings)
  return tried.state === 'running'
    ? { ...tried, reason: 'its configuration is broken; it goes on as it was before' }
    : null
}

import {
  compileJail,
  IGNORE_WORDS,
  makeEngine,
  type Ban,
  type EpochMs,
  type JailDefinition,
  type LogLine,
  type NeverBan,
  type ZoneOffset,
} from '@warder/core'

/** What a jail makes of a line: whom it would ban, or why not. */
export interface Tried {
  readonly isMatch: boolean
  readonly ban: Ban | null
  /** Why nobody is banned, in words. */
  readonly reason: string
}

/** A jail on its own, beside the one that runs: what it counts and bans is nowhere else. */
export interface Trial {
  readonly definition: JailDefinition
  readonly source: string
  readonly never: NeverBan
  readonly zone: ZoneOffset
}

/** Hands one line to the jail, with an engine as the agent's own, where one failure is enough for a ban. */
export function tryLine({ definition, source, never, zone }: Trial, line: LogLine, now: EpochMs): Tried {
  const { ignorecommand: _asks, growth: _grows, success: _tells, aggregate: _gathers, ...rest } = definition
  const compiled = compileJail({ ...rest, settings: { ...rest.settings, enabled: true, maxretry: 1 } })
  if (!compiled.ok) return { isMatch: false, ban: null, reason: compiled.problems.join('; ') }
  const engine = makeEngine({ zoneOffsetMinutes: zone })
  engine.step({ kind: 'plan', plan: { jails: [{ jail: compiled.jail, sources: [source] }], never } }, now)
  const effects = engine.step({ kind: 'line', line: { ...line, source } }, now)
  for (const effect of effects)
    if (effect.kind === 'ban') return { isMatch: true, ban: effect.ban, reason: '' }
  for (const effect of effects) {
    if (effect.kind === 'record' && effect.event.kind === 'failure.ignored')
      return { isMatch: true, ban: null, reason: `it does not count: ${IGNORE_WORDS[effect.event.reason]}` }
  }
  const isMatch = effects.length > 0 || engine.view().sources.some(({ matches }) => matches > 0)
  return {
    isMatch,
    ban: null,
    reason: isMatch ? 'it is too old to count' : 'no failregex finds anything in it',
  }
}

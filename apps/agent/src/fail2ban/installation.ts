import { formatProblem, readConfiguration, serverOption, type Layer, type Problem } from '@warder/conf'
import type { JailDefinition } from '@warder/core'
import { shippedFiles } from '@warder/filters'
import { decide } from '../settings/decide.ts'
import { readFail2ban } from '../settings/files.ts'

/** A jail that fail2ban runs, and what becomes of it. */
export interface FoundJail {
  readonly name: string
  /** Null: it cannot run here. */
  readonly definition: JailDefinition | null
  /** What is lost, or done in another way, and why it cannot run; each one a sentence. */
  readonly remarks: readonly string[]
}

/** An installation of fail2ban as far as Warder can take it over. */
export interface Installation {
  readonly jails: readonly FoundJail[]
  /** What concerns no jail that is enabled. */
  readonly problems: readonly string[]
  /** Where its database lies; null: it keeps none. */
  readonly database: string | null
}

const DATABASE = '/var/lib/fail2ban/fail2ban.sqlite3'
const FILTER_OF_ITS_NAME = '[DEFAULT]\nfilter = %(__name__)s\n'

/** Reads an installation of fail2ban, each jail as the agent will run it; nothing is written there. */
export async function readInstallation(folder: string): Promise<Installation> {
  const { layer, problems } = await readFail2ban(folder)
  const configuration = readConfiguration([{ name: 'warder', files: shippedFiles() }, layer])
  const decided = decide({ configuration, overrides: {}, lastGood: new Map() })
  const found = [...configuration.problems, ...decided.problems]
  const names = enabledIn(layer)
  const jails = decided.decisions.flatMap((decision): readonly FoundJail[] => {
    if (decision.state === 'disabled' || !names.has(decision.name)) return []
    const about = found.filter(({ jail }) => jail === decision.name)
    const definition = decision.state === 'running' ? decision.jail.definition : null
    return [{ name: decision.name, definition, remarks: remarksOf(about, decision.reason) }]
  })
  const others = found.filter(({ jail, severity }) => severity === 'error' && !names.has(jail ?? ''))
  const dbfile = serverOption([layer], 'dbfile') ?? DATABASE
  return {
    jails,
    problems: [...problems, ...others.map(formatProblem)],
    database: /^(?:none|:memory:)$/i.test(dbfile) ? null : dbfile,
  }
}

/** The jails that fail2ban runs, or would where they are not broken: none of those that only Warder ships. */
function enabledIn(layer: Layer): ReadonlySet<string> {
  const filters = [...shippedFiles()].filter(([path]) => path.startsWith('filter.d/'))
  const below = { name: 'warder', files: new Map([['jail.conf', FILTER_OF_ITS_NAME] as const, ...filters]) }
  const { jails, problems } = readConfiguration([below, layer])
  const whole = new Set(jails.map(({ name }) => name))
  const broken = problems.flatMap(({ jail, severity }) =>
    severity === 'error' && jail !== undefined && !whole.has(jail) ? [jail] : [],
  )
  return new Set([...jails.filter(({ settings }) => settings.enabled).map(({ name }) => name), ...broken])
}

const remarksOf = (problems: readonly Problem[], reason: string | undefined): readonly string[] =>
  problems.length === 0 && reason !== undefined
    ? [reason]
    : problems.map(({ severity, file, line, message }) =>
        formatProblem({
          severity,
          ...(file === undefined ? {} : { file }),
          ...(line === undefined ? {} : { line }),
          message,
        }),
      )

import { formatPorts, JOURNAL, type JournalMatch } from '@warder/core'
import type { SourceMaker } from '../source/source.ts'
import type { Decision } from './decide.ts'

/** What the jails together want to read. */
export interface Listening {
  /** The union of what they want of the journal; null when nobody reads it. */
  readonly journal: readonly JournalMatch[] | null
  readonly files: readonly string[]
}

/** A jail with the sources it listens to. */
export interface Placed {
  readonly decision: Decision
  readonly sources: readonly string[]
  /** Those in which successful logins are looked for; absent: the same. */
  readonly successSources?: readonly string[]
  /** Its expressions were put aside: it keeps its bans and hears nothing. */
  readonly isAside?: boolean
  /** Its service is not on this node, in words. It waits for its sources and counts as disabled until one appears. */
  readonly idle?: string
}

/** What a jail reads, or would read if it were not paused. */
export interface Reading {
  readonly jail: string
  readonly sources: readonly string[]
  /** Which entries, where it reads the journal. */
  readonly journalmatch: JournalMatch
}

/** What each jail that is to run reads. */
export const readingsOf = (placed: readonly Placed[]): readonly Reading[] =>
  placed.flatMap(({ decision, sources }) =>
    decision.state === 'running'
      ? [{ jail: decision.name, sources, journalmatch: decision.jail.definition.filter.journalmatch }]
      : [],
  )

/**
 * Finds the sources of every jail that is to run. `auto` takes the journal where it can, else the files. `trouble`:
 * why the journal cannot be read here, null when it can.
 */
export async function listen(
  decisions: readonly Decision[],
  maker: SourceMaker,
  trouble: string | null,
): Promise<readonly Placed[]> {
  return Promise.all(
    decisions.map(async (decision) => ({
      ...(await place(decision, maker, trouble)),
      ...(await placeSuccesses(decision, maker)),
    })),
  )
}

/** What placed jails want to read, all together. */
export function wantedOf(placed: readonly Placed[]): Listening {
  const matches = placed.flatMap(({ decision, sources }) =>
    decision.state === 'running' && sources.includes(JOURNAL)
      ? [decision.jail.definition.filter.journalmatch]
      : [],
  )
  const files = new Set(
    placed.flatMap(({ sources, successSources = [] }) =>
      [...sources, ...successSources].filter((id) => id !== JOURNAL),
    ),
  )
  return { journal: matches.length > 0 ? matches : null, files: [...files].toSorted() }
}

async function place(decision: Decision, maker: SourceMaker, trouble: string | null): Promise<Placed> {
  if (decision.state !== 'running') return { decision, sources: [] }
  const { backend, logpath, filter } = decision.jail.definition
  if (backend === 'bans') return { decision, sources: [] }
  const byJournal = backend === 'systemd' || (backend === 'auto' && filter.journalmatch.length > 0)
  const canJournal = byJournal && trouble === null
  const hasFiles = backend !== 'systemd' && logpath.length > 0
  if (canJournal && !hasFiles) return { decision, sources: [JOURNAL] }
  if (!hasFiles) return { decision: asFailed(decision, byJournal ? trouble : null), sources: [] }

  const files = [...new Set((await Promise.all(logpath.map((glob) => maker.find(glob)))).flat())]
  const there = await onlyThere(files, maker)
  if (canJournal && !there.some((path) => !SYSTEM_LOG.test(path))) {
    const isIdle = there.length === 0 && (await maker.journalHas?.(filter.journalmatch)) === false
    const idle = `${missing(logpath)} and the journal has no entry of ${writerOf(filter.journalmatch)}`
    return { decision, sources: [JOURNAL], ...(isIdle ? { idle } : {}) }
  }
  return { decision, sources: files, ...(there.length === 0 ? { idle: missing(logpath) } : {}) }
}

/** Logs of successes that are there: a node without the service has none, and misses nothing. */
async function placeSuccesses(
  decision: Decision,
  maker: SourceMaker,
): Promise<Pick<Placed, 'successSources'>> {
  const logpath = decision.state === 'running' ? decision.jail.definition.success?.logpath : undefined
  if (logpath === undefined) return {}
  const files = [...new Set((await Promise.all(logpath.map((glob) => maker.find(glob)))).flat())]
  return { successSources: await onlyThere(files, maker) }
}

/**
 * Where syslog writes what the journal has too. A log of a service's own is read even where a journalmatch names the
 * service: what nginx or apache write there never reaches the journal.
 */
const SYSTEM_LOG =
  /^\/var\/log\/(?:auth\.log|syslog|messages|secure|daemon\.log|user\.log|mail(?:log|\.\w+))$/

async function onlyThere(files: readonly string[], maker: SourceMaker): Promise<readonly string[]> {
  const found = await Promise.all(files.map(async (path) => (await maker.isThere?.(path)) ?? true))
  return files.filter((_, i) => found[i])
}

/** `nothing to read: /var/log/a.log and /var/log/b.log do not exist` */
function missing(logpath: readonly string[]): string {
  const shown = logpath.length > 3 ? [...logpath.slice(0, 3), `${logpath.length - 3} others`] : logpath
  const verb = logpath.length === 1 ? 'does' : 'do'
  return `nothing to read: ${shown.join(' and ')} ${verb} not exist`
}

/** Who writes the entries, in a word. */
function writerOf(match: JournalMatch): string {
  const terms = match.flat()
  const named = ['SYSLOG_IDENTIFIER', '_SYSTEMD_UNIT', '_COMM'].flatMap((wanted) =>
    terms.flatMap(([field, value]) => (field === wanted ? [value.replace(/\.service$/, '')] : [])),
  )
  return named[0] ?? 'it'
}

function asFailed(decision: Extract<Decision, { state: 'running' }>, trouble: string | null): Decision {
  const { name, filter, ports, settings } = decision.jail.definition
  return {
    state: 'failed',
    name,
    filter: filter.name,
    ports: formatPorts(ports),
    configured: decision.configured.settings,
    effective: settings,
    definition: filter,
    reason:
      trouble === null ? 'it has no logpath and no journalmatch' : `it reads the journal, and ${trouble}`,
  }
}

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
  /** Its expressions were put aside: it keeps its bans and hears nothing. */
  readonly isAside?: boolean
}

/**
 * Finds the sources of every jail that is to run. `auto` takes the journal where it can, else the files. `trouble`:
 * why the journal cannot be read here, null when it can.
 */
export async function listen(
  decisions: readonly Decision[],
  maker: SourceMaker,
  trouble: string | null,
): Promise<readonly Placed[]> {
  return Promise.all(decisions.map((decision) => place(decision, maker, trouble)))
}

/** What placed jails want to read, all together. */
export function wantedOf(placed: readonly Placed[]): Listening {
  const matches = placed.flatMap(({ decision, sources }) =>
    decision.state === 'running' && sources.includes(JOURNAL)
      ? [decision.jail.definition.filter.journalmatch]
      : [],
  )
  const files = new Set(placed.flatMap(({ sources }) => sources.filter((id) => id !== JOURNAL)))
  return { journal: matches.length > 0 ? matches : null, files: [...files].toSorted() }
}

async function place(decision: Decision, maker: SourceMaker, trouble: string | null): Promise<Placed> {
  if (decision.state !== 'running') return { decision, sources: [] }
  const { backend, logpath, filter } = decision.jail.definition
  const byJournal = backend === 'systemd' || (backend === 'auto' && filter.journalmatch.length > 0)
  if (byJournal && trouble === null) return { decision, sources: [JOURNAL] }
  if (backend !== 'systemd' && logpath.length > 0) {
    const found = await Promise.all(logpath.map((glob) => maker.find(glob)))
    const sources = [...new Set(found.flat())]
    const reason = sources.length === 0 ? { reason: `no file is there yet for ${logpath.join(', ')}` } : {}
    return { decision: { ...decision, ...reason }, sources }
  }
  return { decision: asFailed(decision, byJournal ? trouble : null), sources: [] }
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
    reason:
      trouble === null ? 'it has no logpath and no journalmatch' : `it reads the journal, and ${trouble}`,
  }
}

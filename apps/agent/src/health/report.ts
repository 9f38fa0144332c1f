import type { EngineView, EpochMs, FirewallReport } from '@warder/core'
import {
  MISSING_NAMED,
  NEVER_SHOWN,
  type AgentFigures,
  type Enforcement,
  type JailStatus,
  type ListsStatus,
  type NeverStatus,
  type NodeStatus,
  type SourceStatus,
  type Suspended,
} from '@warder/protocol'
import type { Keeping } from '../engine/enforcer.ts'
import type { Held } from '../engine/held.ts'
import type { LocalNetworks, Neighbour, Protected } from '../settings/never.ts'
import type { JailStanding } from '../settings/standing.ts'
import type { Reported } from '../source/roster.ts'
import { VERSION } from '../version.ts'

/** What a status is made of. */
export interface Facts {
  readonly at: EpochMs
  readonly startedAt: EpochMs
  readonly firewall: FirewallReport
  readonly keeping: Keeping
  readonly revision: number
  readonly jails: readonly JailStanding[]
  readonly sources: readonly Reported[]
  readonly view: EngineView
  readonly activeBans: number
  readonly outboxDepth: number
  readonly lagMs: number
  readonly rssBytes: number
  readonly queued: number
  /** Null where the system does not say. */
  readonly diskFreeBytes: number | null
  readonly suspended: Suspended | null
  readonly lists: ListsStatus
  readonly never: readonly Protected[]
  readonly localNetworks: LocalNetworks
}

/** The node's state as it is told to the server and the command line, inside the limits of the link. */
export function statusOf(facts: Facts): NodeStatus {
  const { jails, sources, view, keeping, suspended, never, localNetworks, queued, diskFreeBytes, ...rest } =
    facts
  const figures = new Map(view.jails.map((jail) => [jail.name, jail]))
  const readings = new Map(view.sources.map((source) => [source.id, source]))
  return {
    agent: VERSION,
    ...rest,
    ...(suspended === null ? {} : { suspended }),
    lagMs: Math.round(rest.lagMs),
    never: toNever(never, localNetworks),
    firewall: { ...rest.firewall, reason: rest.firewall.reason.slice(0, 1_000) },
    jails: jails.slice(0, 500).map((jail): JailStatus => ({
      ...jail,
      sources: [...jail.sources],
      activeBans: figures.get(jail.name)?.activeBans ?? 0,
      lastMatchAt: figures.get(jail.name)?.lastMatchAt ?? null,
    })),
    sources: sources.slice(0, 500).map(({ id, report }): SourceStatus => {
      const reading = readings.get(id)
      return {
        id,
        state: report.state,
        ...(report.reason === undefined ? {} : { reason: report.reason.slice(0, 1_000) }),
        lines: reading?.lines ?? 0,
        matches: reading?.matches ?? 0,
        lastLineAt: reading?.lastLineAt ?? null,
        lastMatchAt: reading?.lastMatchAt ?? null,
      }
    }),
    ...(diskFreeBytes === null ? {} : { figures: figuresOf(view, queued, diskFreeBytes) }),
    ...(keeping.held === null ? {} : { enforcement: enforcementOf(keeping, keeping.held) }),
  }
}

function figuresOf({ sources }: EngineView, queued: number, diskFreeBytes: number): AgentFigures {
  const sum = (key: 'lines' | 'matches'): number => sources.reduce((total, source) => total + source[key], 0)
  return { lines: sum('lines'), matches: sum('matches'), queued, diskFreeBytes }
}

function enforcementOf({ checkedAt, dropped }: Keeping, { at, jails }: Held): Enforcement {
  let room = MISSING_NAMED
  const names = [...new Set([...jails.keys(), ...dropped.keys()])].slice(0, 501)
  return {
    checkedAt: Math.max(checkedAt ?? at, at),
    comparedAt: at,
    jails: names.map((jail) => {
      const held = jails.get(jail) ?? { wanted: 0, enforced: 0, missing: [] }
      const missing = held.missing.slice(0, room)
      room -= missing.length
      return {
        jail,
        wanted: held.wanted,
        enforced: held.enforced,
        missing,
        dropped: dropped.get(jail) ?? 0,
      }
    }),
  }
}

const shown = (all: readonly Neighbour[]): Neighbour[] =>
  all
    .slice(0, NEVER_SHOWN)
    .map(({ target, of }) => (of === undefined ? { target } : { target, of: of.slice(0, 253) }))

const toNever = (groups: readonly Protected[], { filtered, networks }: LocalNetworks): NeverStatus => ({
  groups: groups.map(({ reason, targets }) => ({ reason, total: targets.length, targets: shown(targets) })),
  localNetworks: { filtered, networks: shown(networks) },
})

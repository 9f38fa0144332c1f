import type { EngineView, EpochMs, FirewallReport } from '@warder/core'
import {
  NEVER_SHOWN,
  type JailStatus,
  type NeverStatus,
  type NodeStatus,
  type SourceStatus,
} from '@warder/protocol'
import type { Neighbour, Protected } from '../settings/never.ts'
import type { JailStanding, LocalNetworks } from '../settings/settings.ts'
import type { Reported } from '../source/roster.ts'
import { VERSION } from '../version.ts'

/** What a status is made of. */
export interface Facts {
  readonly at: EpochMs
  readonly startedAt: EpochMs
  readonly firewall: FirewallReport
  readonly revision: number
  readonly jails: readonly JailStanding[]
  readonly sources: readonly Reported[]
  readonly view: EngineView
  readonly activeBans: number
  readonly outboxDepth: number
  readonly lagMs: number
  readonly rssBytes: number
  readonly never: readonly Protected[]
  readonly local: LocalNetworks
}

/** The node's state as it is told to the server and the command line, inside the limits of the link. */
export function statusOf({ jails, sources, view, never, local, ...rest }: Facts): NodeStatus {
  const figures = new Map(view.jails.map((jail) => [jail.name, jail]))
  const readings = new Map(view.sources.map((source) => [source.id, source]))
  return {
    agent: VERSION,
    ...rest,
    lagMs: Math.round(rest.lagMs),
    never: toNever(never, local),
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

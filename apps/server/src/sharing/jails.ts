import { countedAs, effectiveSettings, NeverBanned, type JailSettings } from '@warder/core'
import type { ReportStore, StatusRow } from '../nodes/store.ts'
import type { TuningBook } from '../tuning/tuning.ts'

/** A node, as far as it decides on its settings. */
export interface Where {
  readonly id: number
  readonly name: string
  readonly cluster: string | null
}

/** A report is on its way for no longer, mostly; clocks that seem to be apart by less are taken to be the same. */
const ON_THE_WAY_MS = 2_000
/** Of so many reports the one counts that was on its way for the shortest time. */
const REPORTS_COMPARED = 4

interface Known {
  readonly configured: ReadonlyMap<string, JailSettings>
  readonly prefixes: ReadonlyMap<string, number>
  /** As far as the node names them. */
  readonly never: NeverBanned
  readonly skewMs: number
  readonly revision: number
  readonly wanted: Map<string, JailSettings>
}

/** By how much a clock is ahead, less the time that its report was on its way. */
const aheadBy = ({ status, receivedAt }: StatusRow): number => status.at - receivedAt

/** What nodes last said of their jails and clocks, read once for each report. */
export class Jails {
  readonly #reports: ReportStore
  readonly #tuning: TuningBook
  readonly #known = new Map<number, Known>()
  /** How far the clocks of nodes were ahead by their last reports. */
  readonly #ahead = new Map<number, readonly number[]>()

  constructor(reports: ReportStore, tuning: TuningBook) {
    this.#reports = reports
    this.#tuning = tuning
  }

  /** What a jail of a node should run; null where the node never spoke of it. */
  settingsOf(node: Where, jail: string): JailSettings | null {
    const known = this.#of(node)
    const before = known.wanted.get(jail)
    if (before !== undefined) return before
    const configured = known.configured.get(jail)
    if (configured === undefined) return null
    const where = { node: node.name, cluster: node.cluster }
    const { settings } = effectiveSettings(configured, this.#tuning.newest().document, where, jail)
    known.wanted.set(jail, settings)
    return settings
  }

  /** Whether there is a jail on one of some nodes that shares what it bans with the cluster. */
  shareAny(nodes: readonly Where[]): boolean {
    return nodes.some((node) =>
      [...this.#of(node).configured.keys()].some((jail) => this.settingsOf(node, jail)?.policy === 'cluster'),
    )
  }

  /** Whom a jail of a node counts a failure of an address against: itself, or the IPv6 prefix around it. */
  countedAs(node: Where, jail: string, ip: string): string {
    const { never, prefixes } = this.#of(node)
    return countedAs(ip, prefixes.get(jail) ?? 128, { for: (target) => never.reasonFor(target) })
  }

  /** How far a node's clock is ahead. */
  skewOf(node: Pick<Where, 'id'>): number {
    return this.#of(node).skewMs
  }

  /** How far it may be ahead at most: by this a ban of before a lift is never taken for one of after it. */
  mostAhead(node: Pick<Where, 'id'>): number {
    const { skewMs } = this.#of(node)
    return Math.abs(skewMs) < ON_THE_WAY_MS ? skewMs : skewMs + ON_THE_WAY_MS
  }

  /** A node reported anew. */
  renewed(nodeId: number): void {
    this.#known.delete(nodeId)
    const report = this.#reports.status(nodeId)
    if (report === null) return
    const before = this.#ahead.get(nodeId) ?? []
    this.#ahead.set(nodeId, [...before, aheadBy(report)].slice(-REPORTS_COMPARED))
  }

  #of(node: Pick<Where, 'id'>): Known {
    const { revision } = this.#tuning.newest()
    const known = this.#known.get(node.id)
    if (known?.revision === revision) return known
    const report = this.#reports.status(node.id)
    const jails = report?.status.jails ?? []
    const skew = Math.max(...(this.#ahead.get(node.id) ?? [report === null ? 0 : aheadBy(report)]))
    const made: Known = {
      configured: new Map(jails.map(({ name, configured }) => [name, configured])),
      prefixes: new Map(
        jails.flatMap(({ name, ipv6prefix }) =>
          ipv6prefix === undefined ? [] : [[name, ipv6prefix] as const],
        ),
      ),
      never: new NeverBanned({
        groups: (report?.status.never?.groups ?? []).map(({ reason, targets }) => ({
          reason,
          targets: targets.map(({ target }) => target),
        })),
      }),
      skewMs: skew < 0 && skew > -ON_THE_WAY_MS ? 0 : skew,
      revision,
      wanted: new Map(),
    }
    this.#known.set(node.id, made)
    return made
  }
}

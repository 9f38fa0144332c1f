import type { Clock, Logger } from '@warder/daemon'
import type { Alarm } from '@warder/protocol/api'
import type { AskHistory } from '../storage/reads.ts'
import type { NodeRow, NodeStore, ReportStore, StatusRow } from '../nodes/store.ts'
import { MINUTE_MS } from '../timeline/buckets.ts'
import { alarmsOf, deepSinceOf, type Depth, type Silence } from './alarms.ts'
import { silenceOf, USUAL_MS } from './silence.ts'

/** How often is looked for jails that are silent (ms). */
const SILENCE_EVERY_MS = 30 * MINUTE_MS

export interface AlarmParts {
  readonly clock: Clock
  readonly log: Logger
  readonly version: string
  readonly ask: AskHistory
  readonly nodes: NodeStore
  readonly reports: ReportStore
  /** Every now and then. */
  onEach(): void
  /** Silent jails were looked for: these nodes may have other alarms now. */
  onLooked(node: NodeRow): void
}

/** Keeps what alarms need beside the last report: since when an outbox is deep, and which jails are silent. */
export class AlarmBook {
  readonly #parts: AlarmParts
  readonly #deep = new Map<number, Depth>()
  readonly #silent = new Map<number, readonly Silence[]>()
  readonly #timer: Disposable
  #looking = false

  constructor(parts: AlarmParts) {
    this.#parts = parts
    this.#timer = parts.clock.every(SILENCE_EVERY_MS, () => void this.look())
  }

  /** The alarms of a node, from its last report. */
  of(node: Pick<NodeRow, 'id' | 'name'>, report: StatusRow | null): Alarm[] {
    if (report === null) return []
    return alarmsOf({
      node: node.name,
      status: report.status,
      receivedAt: report.receivedAt,
      version: this.#parts.version,
      deepSince: this.#deep.get(node.id) ?? null,
      silences: this.#silent.get(node.id) ?? [],
    })
  }

  /** A node has reported. */
  reported(nodeId: number, outboxDepth: number): void {
    const deep = deepSinceOf(this.#deep.get(nodeId) ?? null, this.#parts.clock.now(), outboxDepth)
    if (deep === null) this.#deep.delete(nodeId)
    else this.#deep.set(nodeId, deep)
  }

  /** Looks for jails that run and are silent for longer than usual, one node after the other. */
  async look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    const { clock, log, ask, nodes, reports, onEach, onLooked } = this.#parts
    try {
      onEach()
      for (const node of nodes.all()) {
        const running = reports.status(node.id)?.status.jails.filter(({ state }) => state === 'running') ?? []
        const now = clock.now()
        const hours = await ask('hoursOf', node.id, now - USUAL_MS)
        const silences = running.flatMap(({ name }) => {
          const own = hours.filter(({ jail }) => jail === name).map(({ at }) => at)
          return silenceOf(name, own, now) ?? []
        })
        this.#silent.set(node.id, silences)
        onLooked(node)
      }
    } catch (err) {
      log.warn({ err }, 'it could not be looked for silent jails')
    } finally {
      this.#looking = false
    }
  }

  stop(): void {
    this.#timer[Symbol.dispose]()
  }
}

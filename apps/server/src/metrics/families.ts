import type { NodeView } from '@warder/protocol/api'
import type { Room } from '../storage/storage.ts'
import type { Family, Sample } from './text.ts'

/** What the server counts of itself since it started. */
export interface Counted {
  readonly events: number
  readonly batches: number
}

export interface MetricFacts {
  readonly version: string
  readonly nodes: readonly NodeView[]
  readonly counted: Counted
  readonly room: Room
  readonly rssBytes: number
  readonly cpuSeconds: number
  readonly diskFreeBytes: number | null
  /** When the latest backup was made (ms); null: there is none, or no schedule. */
  readonly backupAt: number | null
}

/** What is known → numbers for Prometheus. */
export function familiesOf(facts: MetricFacts): readonly Family[] {
  const { nodes, counted, room } = facts
  const each = (of: (node: NodeView) => number | null): readonly Sample[] =>
    nodes.flatMap((node) => {
      const value = of(node)
      return value === null ? [] : [{ labels: { node: node.name }, value }]
    })
  const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
    name,
    type: 'gauge',
    help,
    samples,
  })
  const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
    name,
    type: 'counter',
    help,
    samples,
  })
  const alarms = nodes.flatMap(({ name, alarms: list }) =>
    [...Map.groupBy(list, ({ kind }) => kind)].map(([kind, same]) => ({
      labels: { node: name, kind },
      value: same.length,
    })),
  )
  return [
    gauge('warder_build_info', 'The version of the server.', [
      { labels: { version: facts.version }, value: 1 },
    ]),
    counter('warder_events_total', 'Events taken into history since the start.', [{ value: counted.events }]),
    counter('warder_batches_total', 'Batches of events taken since the start.', [{ value: counted.batches }]),
    gauge('warder_history_bytes', 'Room that history takes.', [{ value: room.total }]),
    gauge('warder_history_free_bytes', 'Of that, what can be used again.', [{ value: room.free }]),
    ...(facts.diskFreeBytes === null
      ? []
      : [gauge('warder_disk_free_bytes', 'Free room where history lies.', [{ value: facts.diskFreeBytes }])]),
    ...(facts.backupAt === null
      ? []
      : [
          gauge('warder_backup_timestamp_seconds', 'When the latest backup was made.', [
            { value: facts.backupAt / 1_000 },
          ]),
        ]),
    gauge(
      'warder_node_up',
      'Whether a node is connected.',
      each(({ state }) => Number(state === 'online')),
    ),
    gauge(
      'warder_node_active_bans',
      'Bans in force on a node.',
      each(({ activeBans }) => activeBans),
    ),
    gauge(
      'warder_node_outbox_events',
      'Events that wait on a node.',
      each(({ outboxDepth }) => outboxDepth),
    ),
    gauge(
      'warder_node_lag_seconds',
      'How far a node is behind its logs.',
      each(({ lagMs }) => lagMs / 1_000),
    ),
    gauge(
      'warder_node_memory_bytes',
      'Resident memory of an agent.',
      each(({ rssBytes }) => rssBytes),
    ),
    gauge(
      'warder_node_clock_skew_seconds',
      'How far a clock is ahead of the server.',
      each(({ clockSkewMs }) => (clockSkewMs === null ? null : clockSkewMs / 1_000)),
    ),
    counter(
      'warder_node_lines_total',
      'Lines that an agent read since its start.',
      each(({ figures }) => figures?.lines ?? null),
    ),
    counter(
      'warder_node_matches_total',
      'Lines of those that a jail found something in.',
      each(({ figures }) => figures?.matches ?? null),
    ),
    gauge(
      'warder_node_queued_tasks',
      'Tasks that wait in an agent.',
      each(({ figures }) => figures?.queued ?? null),
    ),
    gauge(
      'warder_node_disk_free_bytes',
      'Free room where an agent keeps its state.',
      each(({ figures }) => figures?.diskFreeBytes ?? null),
    ),
    gauge('warder_node_alarms', 'Alarms of a node by kind.', alarms),
    gauge('process_resident_memory_bytes', 'Resident memory of the server.', [{ value: facts.rssBytes }]),
    counter('process_cpu_seconds_total', 'CPU time that the server took.', [{ value: facts.cpuSeconds }]),
  ]
}

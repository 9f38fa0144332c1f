import type { EpochMs } from '@warder/core'
import type { NodeStatus } from '@warder/protocol'
import type { Alarm } from '@warder/protocol/api'

/** Above these a number of a node is worth a look. */
export const OUTBOX_DEEP = 500
export const SKEW_MS = 30_000
export const DISK_LOW_BYTES = 500_000_000
/** An outbox that is deep is looked at again after so long: a burst is no news. */
export const GROWS_FOR_MS = 60_000

/** How deep an outbox was. */
export interface Depth {
  readonly at: EpochMs
  readonly depth: number
}

/** A jail that is silent for longer than usual. */
export interface Silence {
  readonly jail: string
  readonly since: EpochMs
  /** The longest time without a failure in the weeks before (ms). */
  readonly usualMs: number
}

/** All that alarms are decided from. */
export interface AlarmFacts {
  readonly node: string
  readonly status: NodeStatus
  readonly receivedAt: EpochMs
  /** The version of the server. */
  readonly version: string
  /** How deep the outbox was when it was first seen deep; null: it was not. */
  readonly deepSince: Depth | null
  readonly silences: readonly Silence[]
}

/** What somebody should look at on a node, in words. */
export function alarmsOf(facts: AlarmFacts): Alarm[] {
  const { node, status } = facts
  const found: (Alarm | null)[] = [
    clockSkew(facts),
    versionSkew(facts),
    outboxGrowing(facts),
    diskLow(node, status),
  ]
  const silent = facts.silences.map((silence): Alarm => ({
    kind: 'jail-silent',
    jail: silence.jail,
    title: `The jail ${silence.jail} has been silent on ${node} for ${roughly(facts.receivedAt - silence.since)}`,
    detail: `In the last two weeks it was never silent for more than ${roughly(silence.usualMs)}. See whether its service still logs where the jail reads.`,
  }))
  return [...found.filter((alarm) => alarm !== null), ...silent]
}

function clockSkew({ node, status, receivedAt }: AlarmFacts): Alarm | null {
  const skew = status.at - receivedAt
  if (Math.abs(skew) <= SKEW_MS) return null
  return {
    kind: 'clock-skew',
    jail: null,
    title: `The clock of ${node} is ${roughly(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} the server's`,
    detail: 'Check chrony or systemd-timesyncd on both.',
  }
}

function versionSkew({ node, status, version }: AlarmFacts): Alarm | null {
  if (status.agent === version) return null
  return {
    kind: 'version-skew',
    jail: null,
    title: `${node} runs Warder ${status.agent}, the server ${version}`,
    detail: 'It goes on, without what only one of them knows. Install the same version; the server first.',
  }
}

function outboxGrowing({ node, status, receivedAt, deepSince }: AlarmFacts): Alarm | null {
  if (deepSince === null || status.outboxDepth <= OUTBOX_DEEP) return null
  if (receivedAt - deepSince.at < GROWS_FOR_MS || status.outboxDepth < deepSince.depth) return null
  return {
    kind: 'outbox-growing',
    jail: null,
    title: `${node} has ${status.outboxDepth} events waiting, and it does not get fewer`,
    detail: 'Nothing is lost so far. See whether its link is slow or the server is busy.',
  }
}

function diskLow(node: string, { figures }: NodeStatus): Alarm | null {
  if (figures === undefined || figures.diskFreeBytes >= DISK_LOW_BYTES) return null
  return {
    kind: 'disk-low',
    jail: null,
    title: `${node} has ${Math.floor(figures.diskFreeBytes / 1_000_000)} MB left where the agent keeps its state`,
    detail: 'When it is full, bans go on but are not remembered over a restart. Free some room there.',
  }
}

/** What alarms of the server itself are decided from; null: unknown, or nothing. */
export interface ServerFacts {
  readonly diskFreeBytes: number | null
  readonly backupProblem: string | null
}

/** What is amiss with the server itself. */
export function serverAlarms({ diskFreeBytes, backupProblem }: ServerFacts): Alarm[] {
  const found: Alarm[] = []
  if (backupProblem !== null)
    found.push({
      kind: 'backup-failed',
      jail: null,
      title: 'The last backup of the server could not be made',
      detail: `${backupProblem} It is tried again every hour.`,
    })
  if (diskFreeBytes !== null && diskFreeBytes < DISK_LOW_BYTES)
    found.push({
      kind: 'disk-low',
      jail: null,
      title: `The server has ${Math.floor(diskFreeBytes / 1_000_000)} MB left for its history`,
      detail:
        'When it is full, nodes keep their events and bans go on, but nothing is recorded. Free some room, or lower keep_days or keep.megabytes.',
    })
  return found
}

/** When an outbox began to be deep, after one more report. */
export const deepSinceOf = (before: Depth | null, at: EpochMs, depth: number): Depth | null =>
  depth <= OUTBOX_DEEP ? null : (before ?? { at, depth })

/** A time in words, as exact as somebody wants to read it. */
export function roughly(ms: number): string {
  const of = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`
  if (ms < 120_000) return of(Math.round(ms / 1_000), 'second')
  if (ms < 7_200_000) return of(Math.round(ms / 60_000), 'minute')
  if (ms < 172_800_000) return of(Math.round(ms / 3_600_000), 'hour')
  return of(Math.round(ms / 86_400_000), 'day')
}

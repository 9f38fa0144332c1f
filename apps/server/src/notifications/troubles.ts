import type { EpochMs } from '@warder/core'
import type { NodeStatus } from '@warder/protocol'
import type { Alarm } from '@warder/protocol/api'
import { plain, type Notice } from './notice.ts'

/** What begins or ends: its key is kept while it lasts, so that its end is told once, also after a restart. */
export interface Turn {
  readonly key: string
  readonly begins: boolean
  /** When the trouble itself began; of no meaning where it ends. */
  readonly since: EpochMs
  /** Null: nobody needs to hear of it. */
  readonly notice: Notice | null
}

/** How long a node may be away before it is called lost (ms): restarts and short breaks are no news. */
export const LOST_AFTER_MS = 180_000

/** Where a node stands, as far as its link tells. */
export interface Presence {
  readonly id: number
  readonly name: string
  readonly online: boolean
  /** When it was last heard of; null: never. */
  readonly lastSeenAt: EpochMs | null
}

const lostKey = (nodeId: number): string => `${nodeId}/lost`
const jailPrefix = (nodeId: number): string => `${nodeId}/jail/`
/** Every trouble of a node begins with this. */
export const troublesOf = (nodeId: number): string => `${nodeId}/`

/** Nodes that are lost now, and lost ones that are back. `since`: when the server began to listen. */
export function turnsOfPresence(
  nodes: readonly Presence[],
  known: ReadonlyMap<string, EpochMs>,
  { now, since }: { readonly now: EpochMs; readonly since: EpochMs },
): readonly Turn[] {
  return nodes.flatMap((node): Turn[] => {
    const key = lostKey(node.id)
    const at = known.get(key)
    const told = { at: now, node: node.name, jail: null, ip: null }
    if (node.online && at !== undefined) {
      const detail = `It was away for ${minutes(now - at)}. Bans went on without the server.`
      return [
        {
          key,
          begins: false,
          since: at,
          notice: { ...told, topic: 'node-back', title: `${node.name} is back`, detail },
        },
      ]
    }
    if (node.online || at !== undefined || node.lastSeenAt === null) return []
    if (now - Math.max(node.lastSeenAt, since) < LOST_AFTER_MS) return []
    const detail = `Nothing was heard of it for ${minutes(now - node.lastSeenAt)}. If the machine runs, look there: systemctl status warder-agent.`
    return [
      {
        key,
        begins: true,
        since: node.lastSeenAt,
        notice: { ...told, topic: 'node-lost', title: `${node.name} is lost`, detail },
      },
    ]
  })
}

const minutes = (ms: number): string => {
  const count = Math.max(1, Math.round(ms / 60_000))
  if (count < 120) return `${count} minute${count === 1 ? '' : 's'}`
  const hours = Math.round(count / 60)
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`
}

const BAD = { failed: 'jail-failed', paused: 'jail-paused' } as const
const VERB = { failed: 'cannot run', paused: 'is paused' } as const

/** Jails that failed or were paused since the last report of a node, and those that are well again. */
export function turnsOfStatus(
  node: { readonly id: number; readonly name: string },
  status: NodeStatus,
  { known, now }: { readonly known: ReadonlyMap<string, EpochMs>; readonly now: EpochMs },
): readonly Turn[] {
  const prefix = jailPrefix(node.id)
  const bad = status.jails.flatMap(({ name, state, reason }) =>
    state === 'failed' || state === 'paused'
      ? [{ key: `${prefix}${state}/${name}`, name, state, reason }]
      : [],
  )
  const told = { at: now, node: node.name, ip: null }
  const begun = bad
    .filter(({ key }) => !known.has(key))
    .map(({ key, name, state, reason = '' }): Turn => ({
      key,
      begins: true,
      since: now,
      notice: {
        ...told,
        topic: BAD[state],
        jail: name,
        title: `The jail ${name} ${VERB[state]} on ${node.name}`,
        detail: reason === '' ? null : plain(reason),
      },
    }))
  const running = new Set(status.jails.filter(({ state }) => state === 'running').map(({ name }) => name))
  const over = [...known.keys()]
    .filter((key) => key.startsWith(prefix) && !bad.some((one) => one.key === key))
    .map((key): Turn => {
      const jail = key.slice(prefix.length).replace(/^[a-z]+\//, '')
      const title = `The jail ${jail} runs again on ${node.name}`
      const notice: Notice = { ...told, topic: 'jail-back', jail, title, detail: null }
      // A jail that was turned off, or went from failed to paused, is not back.
      return { key, begins: false, since: now, notice: running.has(jail) ? notice : null }
    })
  return [...begun, ...over]
}

const alarmPrefix = (nodeId: number): string => `${nodeId}/alarm/`

/** Alarms of a node that began, and those that are over. */
export function turnsOfAlarms(
  node: { readonly id: number; readonly name: string },
  alarms: readonly Alarm[],
  { known, now }: { readonly known: ReadonlyMap<string, EpochMs>; readonly now: EpochMs },
): readonly Turn[] {
  const prefix = alarmPrefix(node.id)
  const keyOf = ({ kind, jail }: Alarm): string => `${prefix}${kind}/${jail ?? ''}`
  const told = { at: now, node: node.name, ip: null }
  const begun = alarms
    .filter((alarm) => !known.has(keyOf(alarm)))
    .map((alarm): Turn => ({
      key: keyOf(alarm),
      begins: true,
      since: now,
      notice: {
        ...told,
        topic: alarm.kind,
        jail: alarm.jail,
        title: plain(alarm.title),
        detail: plain(alarm.detail),
      },
    }))
  const still = new Set(alarms.map(keyOf))
  const over = [...known.keys()]
    .filter((key) => key.startsWith(prefix) && !still.has(key))
    .map((key): Turn => {
      const [kind = '', jail = ''] = key.slice(prefix.length).split('/')
      const title = `${node.name}: ${OVER[kind] ?? 'an alarm'} is over`
      const notice: Notice = { ...told, topic: 'alarm-over', jail: jail || null, title, detail: null }
      return { key, begins: false, since: now, notice }
    })
  return [...begun, ...over]
}

const OVER: Readonly<Record<string, string>> = {
  'clock-skew': 'the difference of clocks',
  'version-skew': 'the difference of versions',
  'outbox-growing': 'the jam of events',
  'disk-low': 'the lack of room on its disk',
  'backup-failed': 'the failure of backups',
  'jail-silent': 'the silence of a jail',
}

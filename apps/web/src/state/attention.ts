import type { JailView, NodeView } from '@warder/protocol/api'
import { formatCount, formatNames } from '../format/count.ts'
import { formatAgo } from '../format/date.ts'
import { formatWait } from '../format/duration.ts'
import type { Fleet } from './fleet.ts'

/** Something that an operator should look at. */
export interface Concern {
  readonly key: string
  readonly tone: 'problem' | 'warning'
  readonly title: string
  readonly detail: string
  readonly where: 'nodes' | 'jails'
}

/** Limits above which a number of a node is worth a look. */
const OUTBOX_DEEP = 500
const LAG_MS = 10_000
const SKEW_MS = 30_000
const PENDING_MS = 60_000
const SILENT_MS = 24 * 3_600_000

/** All that needs attention at `now` (ms), problems first. Empty when all is well. */
export function concernsOf(fleet: Fleet, now: number): readonly Concern[] {
  const all = [...fleet.nodes.flatMap((node) => nodeConcerns(node, now)), ...failedJails(fleet.jails)]
  return all.toSorted((a, b) => Number(a.tone === 'warning') - Number(b.tone === 'warning'))
}

function nodeConcerns(node: NodeView, now: number): readonly Concern[] {
  const at = (what: string, concern: Omit<Concern, 'key' | 'where'>): Concern => ({
    key: `${node.name} ${what}`,
    where: what === 'settings' ? 'jails' : 'nodes',
    ...concern,
  })
  const found: Concern[] = []
  if (node.state === 'offline') {
    const detail = `Last heard of ${formatAgo(node.lastSeenAt ?? node.since, now)}. It goes on banning by itself; check its network and its agent.`
    found.push(at('offline', { tone: 'problem', title: `${node.name} is offline`, detail }))
  }
  if (node.state === 'never-seen') {
    found.push(
      at('new', {
        tone: 'warning',
        title: `${node.name} has not connected yet`,
        detail: 'Start its agent: systemctl start warder-agent.',
      }),
    )
  }
  if (node.firewall !== null && !node.firewall.enforcing) {
    found.push(
      at('firewall', { tone: 'problem', title: `${node.name} blocks nothing`, detail: node.firewall.reason }),
    )
  }
  if (node.revision.state === 'refused') {
    const detail = node.revision.reason ?? 'It gave no reason.'
    found.push(
      at('settings', {
        tone: 'problem',
        title: `${node.name} refused settings, revision ${node.revision.wanted}`,
        detail,
      }),
    )
  }
  for (const source of node.sources.filter((one) => one.state === 'lost')) {
    const detail = source.reason ?? 'It cannot be read any more: attacks in it are not seen.'
    found.push(
      at(`source ${source.id}`, { tone: 'problem', title: `${node.name} lost ${source.id}`, detail }),
    )
  }
  return node.state === 'online'
    ? [...found, ...slowness(node, now).map((one) => at(one.what, one.concern))]
    : found
}

interface Slow {
  readonly what: string
  readonly concern: Omit<Concern, 'key' | 'where'>
}

function slowness(node: NodeView, now: number): readonly Slow[] {
  const found: Slow[] = []
  const warn = (what: string, title: string, detail: string): void => {
    found.push({ what, concern: { tone: 'warning', title, detail } })
  }
  if (node.outboxDepth > OUTBOX_DEEP) {
    warn(
      'outbox',
      `${node.name} has ${formatCount(node.outboxDepth)} events waiting`,
      'They come in once the link keeps up; nothing is lost so far.',
    )
  }
  if (node.lagMs > LAG_MS)
    warn(
      'lag',
      `${node.name} is ${formatWait(node.lagMs)} behind its logs`,
      'Its CPU may be busy, or a log grows very fast.',
    )
  if (node.clockSkewMs !== null && Math.abs(node.clockSkewMs) > SKEW_MS) {
    const way = node.clockSkewMs > 0 ? 'ahead of' : 'behind'
    warn(
      'clock',
      `${node.name}'s clock is ${formatWait(Math.abs(node.clockSkewMs))} ${way} the server's`,
      'Check chrony or systemd-timesyncd there.',
    )
  }
  if (node.revision.state === 'pending' && now - Math.max(node.since, node.lastSeenAt ?? 0) > PENDING_MS) {
    warn(
      'settings',
      `${node.name} has not answered to revision ${node.revision.wanted}`,
      'It gets the settings again when it connects next.',
    )
  }
  const silent = node.sources.filter(
    (one) => one.state === 'reading' && one.lastLineAt !== null && now - one.lastLineAt > SILENT_MS,
  )
  if (silent.length > 0) {
    warn(
      'silent',
      `${node.name}: no line for a day in ${formatNames(silent.map((one) => one.id))}`,
      'That can be right for a quiet service; if not, see whether it logs elsewhere.',
    )
  }
  return found
}

function failedJails(jails: readonly JailView[]): readonly Concern[] {
  return jails
    .filter((jail) => jail.state === 'failed')
    .map((jail) => ({
      key: `${jail.node} jail ${jail.jail}`,
      tone: 'problem' as const,
      title: `${jail.jail} does not run on ${jail.node}`,
      detail: jail.reason ?? 'It gave no reason.',
      where: 'jails' as const,
    }))
}

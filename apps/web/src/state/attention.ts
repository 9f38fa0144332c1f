import { inUrl } from '../prefix.ts'
import type { JailView, NodeView } from '@warder/protocol/api'
import { formatNames } from '../format/count.ts'
import { formatAgo, formatTime } from '../format/date.ts'
import { formatWait } from '../format/duration.ts'
import { sentence } from '../format/words.ts'
import { filterPath, nodePath, pathOf } from '../path.ts'
import type { Fleet } from './fleet.ts'
import { suspensions } from './suspensions.ts'
import { unenforced } from './unenforced.ts'
import { n, t } from '../language/t.ts'

/** Something that an operator should look at. */
export interface Concern {
  readonly key: string
  readonly tone: 'problem' | 'warning'
  readonly title: string
  readonly detail: string
  /** Where it is dealt with: a path of the dashboard. */
  readonly href: string
}

type Found = Omit<Concern, 'key' | 'href'> & { readonly what: string }

/** Limits above which a number of a node is worth a look. */
const LAG_MS = 10_000
const PENDING_MS = 60_000
const SILENT_MS = 24 * 3_600_000

/** All that needs attention at `now` (ms), problems first. Empty when all is well. */
export function concernsOf(fleet: Fleet, now: number): readonly Concern[] {
  const ofNodes = fleet.nodes.flatMap((node) =>
    [...presence(node, now), ...settings(node, now), ...sources(node, now), ...pace(node)].map(
      ({ what, ...found }): Concern => ({
        key: `${node.name} ${what}`,
        href: what === 'settings' ? inUrl('/jails') : nodePath(node.name),
        ...found,
      }),
    ),
  )
  const all = [...ofNodes, ...failedJails(fleet.jails), ...dryRuns(fleet.nodes), ...panics(fleet.nodes)]
  return all.toSorted((a, b) => Number(a.tone === 'warning') - Number(b.tone === 'warning'))
}

function presence(node: NodeView, now: number): readonly Found[] {
  if (node.state === 'offline') {
    const heard = formatAgo(node.lastSeenAt ?? node.since, now)
    const detail = t(
      'Last heard of {heard}. It goes on banning by itself; check its network and its agent.',
      { heard },
    )
    return [{ what: 'offline', tone: 'problem', title: t('{node} is offline', { node: node.name }), detail }]
  }
  if (node.state === 'online') return []
  const title = t('{node} has not connected yet', { node: node.name })
  return [
    { what: 'new', tone: 'warning', title, detail: t('Start its agent: systemctl start warder-agent.') },
  ]
}

function settings(node: NodeView, now: number): readonly Found[] {
  const { state, wanted, reason } = node.revision
  if (state === 'refused') {
    const title = t('{node} refused settings, revision {wanted}', { node: node.name, wanted: String(wanted) })
    return [{ what: 'settings', tone: 'problem', title, detail: reason ?? t('It gave no reason.') }]
  }
  if (state === 'applied' || node.state !== 'online' || now - node.since < PENDING_MS) return []
  // A change that was just made is pending for a moment; only its age would tell, which the view does not have.
  if (now - (node.lastSeenAt ?? 0) < PENDING_MS) return []
  const title = t('{node} has not answered to revision {wanted}', { node: node.name, wanted: String(wanted) })
  return [
    {
      what: 'settings',
      tone: 'warning',
      title,
      detail: t('It gets the settings again when it connects next.'),
    },
  ]
}

function sources(node: NodeView, now: number): readonly Found[] {
  const lost = node.sources
    .filter((source) => source.state === 'lost')
    .map((source): Found => {
      const detail = source.reason ?? t('It cannot be read any more: attacks in it are not seen.')
      return {
        what: `source ${source.id}`,
        tone: 'problem',
        title: t('{node} lost {id}', { node: node.name, id: source.id }),
        detail,
      }
    })
  const silent = node.sources.filter(
    ({ state, lastLineAt }) => state === 'reading' && lastLineAt !== null && now - lastLineAt > SILENT_MS,
  )
  if (silent.length === 0 || node.state !== 'online') return lost
  const title = t('{node}: no line for a day in {silent}', {
    node: node.name,
    silent: formatNames(silent.map((source) => source.id)),
  })
  const detail = t('That can be right for a quiet service; if not, see whether it logs elsewhere.')
  return [...lost, { what: 'silent', tone: 'warning', title, detail }]
}

function pace(node: NodeView): readonly Found[] {
  if (node.state !== 'online') return []
  const found: Found[] = []
  const warn = (what: string, title: string, detail: string): void => {
    found.push({ what, tone: 'warning', title, detail })
  }
  if (node.lagMs > LAG_MS) {
    const title = t('{node} is {lagMs} behind its logs', { node: node.name, lagMs: formatWait(node.lagMs) })
    warn('lag', title, t('Its CPU may be busy, or a log grows very fast.'))
  }
  for (const { kind, jail, title, detail } of node.alarms) warn(`${kind} ${jail ?? ''}`, title, detail)
  return found
}

/** One node has a page of its own. */
const placeOf = ([name, ...others]: readonly string[]): string =>
  name === undefined || others.length > 0 ? inUrl('/nodes') : nodePath(name)

function dryRuns(nodes: readonly NodeView[]): readonly Concern[] {
  return unenforced(nodes).map(({ names, reason }) => ({
    key: `dry ${reason}`,
    tone: 'warning',
    title:
      names.length > 1 && names.length === nodes.length
        ? t('No node blocks anything')
        : n(names.length, '{names} blocks nothing', '{names} block nothing', { names: formatNames(names) }),
    detail: reason,
    href: placeOf(names),
  }))
}

function panics(nodes: readonly NodeView[]): readonly Concern[] {
  return suspensions(nodes).map(({ names, until, by }) => ({
    key: `panic ${names.join(' ')}`,
    tone: 'problem',
    title: n(names.length, '{names} blocks nobody: panic', '{names} block nobody: panic', {
      names: formatNames(names),
    }),
    detail: t('As {by} wanted, until {until}. Then it resumes by itself.', { by, until: formatTime(until) }),
    href: placeOf(names),
  }))
}

function failedJails(jails: readonly JailView[]): readonly Concern[] {
  return jails
    .filter((jail) => jail.state === 'failed' || jail.state === 'paused')
    .map((jail) => ({
      key: `${jail.node} jail ${jail.jail}`,
      tone: 'problem',
      title:
        jail.state === 'paused'
          ? t('{jail} is paused on {node}: filter {filter} is too slow', {
              jail: jail.jail,
              node: jail.node,
              filter: jail.filter,
            })
          : t('{jail} does not run on {node}', { jail: jail.jail, node: jail.node }),
      detail: sentence(jail.reason ?? t('it gave no reason')),
      href:
        jail.state === 'paused'
          ? filterPath(jail.node, jail.jail)
          : pathOf({ kind: 'jails', jail: jail.jail }),
    }))
}

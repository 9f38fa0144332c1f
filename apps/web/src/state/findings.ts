import type { DoctorView, HardeningView } from '@warder/protocol/api'
import type { Concern } from './attention.ts'
import { formatNames } from '../format/count.ts'
import { n } from '../language/t.ts'

/** What is known of one node: its settings as they were read last, and what the doctor said last. Null: not asked yet. */
export interface Checked {
  readonly node: string
  readonly settings: readonly HardeningView[] | null
  readonly doctor: DoctorView | null
}

/** How urgent something is: protection is broken, it may be, or it would be better otherwise. */
export type Urgency = 'problem' | 'warning' | 'advice'

/** Something that is not as it should be, on one or more nodes. */
export interface Finding {
  readonly key: string
  readonly urgency: Urgency
  readonly title: string
  /** Why it is so, and what comes of it; either may be empty. */
  readonly cause: string
  readonly effect: string
  /** What to do; empty where `setting` says it. */
  readonly remedy: string
  /** The nodes that have it; none where it is of the cluster as a whole. */
  readonly nodes: readonly string[]
  /** A setting that can be put right from here, or by hand. */
  readonly setting: HardeningView | null
  /** Where in the dashboard it is dealt with. */
  readonly href: string | null
}

const RANK: Readonly<Record<Urgency, number>> = { problem: 0, warning: 1, advice: 2 }
const OF_SEVERITY = { high: 'problem', medium: 'warning', low: 'advice' } as const

/**
 * All findings, the urgent first: what the fleet shows by itself, and what was read of each node. The same finding of several
 * nodes is one, with their names.
 */
export function findingsOf(concerns: readonly Concern[], checked: readonly Checked[]): readonly Finding[] {
  const found = checked.flatMap((node) => [...ofSettings(node), ...ofTroubles(node)])
  const merged = [...Map.groupBy(found, ({ key }) => key).values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : { ...first, nodes: [first, ...rest].flatMap(({ nodes }) => nodes).sort() },
  )
  return [...concerns.map(ofConcern), ...ofJails(checked), ...merged].toSorted(
    (one, other) => RANK[one.urgency] - RANK[other.urgency] || other.nodes.length - one.nodes.length,
  )
}

/** How many of the settings and jails of a node are well, for a line about it. */
export interface Sum {
  readonly open: number
  readonly alive: number
  readonly jails: number
}

export function sumOf({ settings, doctor }: Checked): Sum {
  const jails = doctor?.jails ?? []
  return {
    open: settings?.filter(isOpen).length ?? 0,
    alive: jails.filter(({ verdict }) => verdict !== 'broken').length,
    jails: jails.length,
  }
}

/** Whether a setting is in the way. */
export const isOpen = ({ state }: HardeningView): boolean => state === 'found' || state === 'edited'

const ofConcern = ({ key, tone, title, detail, href }: Concern): Finding => ({
  key: `concern ${key}`,
  urgency: tone,
  title,
  cause: detail,
  effect: '',
  remedy: '',
  nodes: [],
  setting: null,
  href,
})

const ofSettings = ({ node, settings }: Checked): readonly Finding[] =>
  (settings ?? []).filter(isOpen).map((setting) => ({
    key: `setting ${setting.id} ${setting.state} ${setting.cause}`,
    urgency: OF_SEVERITY[setting.severity],
    title: setting.title,
    cause: setting.cause,
    effect: setting.effect,
    remedy: '',
    nodes: [node],
    setting,
    href: null,
  }))

/** Jails that are broken, by why they are: one cause mostly breaks several. */
function ofJails(checked: readonly Checked[]): readonly Finding[] {
  const broken = checked.flatMap(({ node, doctor }) =>
    (doctor?.jails ?? [])
      .filter(({ verdict }) => verdict === 'broken')
      .map(({ jail, hops }) => ({
        node,
        jail,
        cause: hops.find(({ state }) => state === 'broken')?.said ?? '',
      })),
  )
  return [...Map.groupBy(broken, ({ cause }) => cause)].map(([cause, same]) => {
    const jails = [...new Set(same.map(({ jail }) => jail))]
    return {
      key: `jails ${cause}`,
      urgency: 'problem',
      title: n(jails.length, 'Jail {jails} is broken', 'Jails {jails} are broken', {
        jails: formatNames(jails),
      }),
      cause,
      effect: '',
      remedy: '',
      nodes: [...new Set(same.map(({ node }) => node))].sort(),
      setting: null,
      href: null,
    }
  })
}

const ofTroubles = ({ node, doctor }: Checked): readonly Finding[] =>
  (doctor?.findings ?? [])
    .filter(({ state }) => state === 'found')
    .map(({ id, severity, title, cause, remedy }) => ({
      key: `trouble ${id} ${cause}`,
      urgency: severity === 'broken' ? 'problem' : 'warning',
      title,
      cause,
      effect: '',
      remedy,
      nodes: [node],
      setting: null,
      href: null,
    }))

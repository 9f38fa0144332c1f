import { SETTINGS_BOUNDS } from '@warder/core'
import * as z from 'zod'
import { jailName } from '../event.ts'
import { jailSettings, settingsOverride } from '../settings.ts'
import { confirmWithin, revisionView } from './jails.ts'
import { confirm } from './lists.ts'
import { successView } from './successes.ts'
import { epochMs } from './page.ts'

/** Most jails that a layer may name, and most layers of a kind. */
const JAILS = 500
const LAYERS = 1_000

const atMost = <T extends Record<string, unknown>>(most: number) =>
  [(record: T) => Object.keys(record).length <= most, `at most ${most} entries`] as const

const jails = z
  .record(jailName, settingsOverride)
  .refine(...atMost(JAILS))
  .describe('By jail, the keys that this layer sets. What it does not name is inherited.')
const name = z.string().min(1).max(80)
const layers = z.record(name, jails).refine(...atMost(LAYERS))

/** Most groups, and most nodes in one. */
const GROUPS = 200
const GROUP_NODES = 1_000
export const groupName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_. -]{0,62}[A-Za-z0-9_.-]$|^[A-Za-z0-9_]$/)
  .describe('Letters, digits, blanks and _ . - inside, at most 64.')
const groupNodes = z.array(name).max(GROUP_NODES).describe('Names of nodes.')

/** The fleet's tuning as one whole document. Later layers win: fleet, then cluster, then groups in their order, then node. */
export const tuningDocument = z.strictObject({
  fleet: jails,
  clusters: layers.describe('By the name of a Proxmox cluster: what holds for its nodes.'),
  nodes: layers.describe('By the name of a node: what holds for it alone.'),
  groups: z.exactOptional(
    z
      .array(z.strictObject({ name: groupName, nodes: groupNodes, jails }))
      .max(GROUPS)
      .refine((all) => new Set(all.map((group) => group.name)).size === all.length, 'a name comes twice')
      .describe(
        'Groups that operators made, the weakest first: a later one wins where a node is in several.',
      ),
  ),
  filterLocalNetworks: z.exactOptional(
    z
      .boolean()
      .describe(
        'Whether addresses in networks that a node is attached to can be banned; absent: as each agent.toml says.',
      ),
  ),
})
export type TuningDocument = z.infer<typeof tuningDocument>

/** GET /tuning. Its ETag is the number of the revision. */
export const tuningView = z.object({ revision: z.number().int(), document: tuningDocument })
export type TuningView = z.infer<typeof tuningView>

/** GET /tuning/fleet, /tuning/clusters/{cluster}, /tuning/groups/{group}, /tuning/nodes/{node}. */
export const layerView = z.object({ revision: z.number().int(), jails })
export type LayerView = z.infer<typeof layerView>

const wish = {
  reason: z.string().max(500).optional().describe('Why; kept with the revision.'),
  base: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('The revision that it was made from, where If-Match is not sent.'),
  confirm,
  confirmWithin,
}

/** PUT /tuning: the whole document in the place of the newest one. */
export const tuningBody = z.strictObject({ document: tuningDocument, ...wish })
export type TuningBody = z.input<typeof tuningBody>

/** PUT of one layer: all of it in the place of what it said. */
export const layerBody = z.strictObject({ jails, ...wish })
export type LayerBody = z.input<typeof layerBody>

export const layerPlace = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fleet') }),
  z.strictObject({ kind: z.literal('cluster'), name }),
  z.strictObject({ kind: z.literal('group'), name }),
  z.strictObject({ kind: z.literal('node'), name }),
])

const settingKey = z.enum(['enabled', 'maxretry', 'findtime', 'bantime', 'policy'])
const settingValue = z.union([z.boolean(), z.number().int(), z.string()]).nullable()

/** One key that is set otherwise; null: inherited. */
export const tuningDifference = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('jail'),
    layer: layerPlace,
    jail: z.string(),
    key: settingKey,
    before: settingValue,
    after: settingValue,
  }),
  z.object({
    kind: z.literal('group'),
    name: z.string(),
    before: z.array(z.string()).readonly().nullable(),
    after: z.array(z.string()).readonly().nullable(),
  }),
  z.object({
    kind: z.literal('groupOrder'),
    before: z.array(z.string()).readonly(),
    after: z.array(z.string()).readonly(),
  }),
  z.object({
    kind: z.literal('filterLocalNetworks'),
    before: z.boolean().nullable(),
    after: z.boolean().nullable(),
  }),
])
export type TuningDifferenceView = z.infer<typeof tuningDifference>

/** PUT /groups/{group}: a group is made, or made of other nodes. */
export const groupBody = z.strictObject({
  nodes: groupNodes.optional(),
  position: z
    .number()
    .int()
    .min(0)
    .max(GROUPS)
    .optional()
    .describe(
      'Where it stands: 0 is the weakest. Without it a new group is the strongest, a known one stays.',
    ),
  ...wish,
})
export type GroupBody = z.input<typeof groupBody>

/** DELETE /groups/{group}. */
export const groupQuery = z.strictObject({ reason: z.string().max(500).optional() })

/** A group: a Proxmox cluster, which is the group that its nodes have anyway, or one that an operator made. */
export const groupView = z.object({
  name: z.string(),
  kind: z.enum(['cluster', 'group']),
  nodes: z.array(z.string()),
  /** By jail the keys that it sets. */
  jails,
})
export type GroupView = z.infer<typeof groupView>
/** GET /groups: the weakest first. */
export const groupsView = z.object({ revision: z.number().int(), rows: z.array(groupView) })
export type GroupsView = z.infer<typeof groupsView>

/** What is proposed: a whole document, one layer of it, or going back to a revision. */
export const diffBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('document'), document: tuningDocument }),
  z.strictObject({ kind: z.literal('layer'), layer: layerPlace, jails }),
  z.strictObject({ kind: z.literal('revision'), revision: z.number().int().min(0) }),
])
export type DiffBody = z.input<typeof diffBody>

/** What a proposal would change, in its layers and of what each node runs. */
export const diffView = z.object({
  /** The revision that it was compared with. */
  base: z.number().int(),
  summary: z.string(),
  changes: z.array(tuningDifference),
  nodes: z.array(z.object({ node: z.string(), jail: z.string(), before: jailSettings, after: jailSettings })),
})
export type DiffView = z.infer<typeof diffView>

/** GET /revisions/{revision}: all of it, what it changed, and what became of it. */
export const revisionDetail = revisionView.extend({
  document: tuningDocument,
  changes: z.array(tuningDifference),
  answers: z.array(
    z.object({
      node: z.string(),
      state: z.enum(['applied', 'refused', 'pending']),
      reason: z.string().nullable(),
      at: epochMs.nullable(),
    }),
  ),
})
export type RevisionDetail = z.infer<typeof revisionDetail>

/** POST /revisions/{revision}/restore. */
export const restoreBody = z.strictObject(wish)
export type RestoreBody = z.input<typeof restoreBody>

const bounded = (key: keyof typeof SETTINGS_BOUNDS) =>
  z.number().int().min(SETTINGS_BOUNDS[key].min).max(SETTINGS_BOUNDS[key].max).optional()

/** Most days that a preview looks back. */
export const PREVIEW_DAYS = 7

/** POST /tuning/preview: what is not named is as it is wanted of each node now. */
export const previewBody = z.strictObject({
  jail: jailName,
  node: z.string().max(80).optional().describe('Only this node; without it all that have the jail.'),
  group: z.string().max(80).optional().describe('Only the nodes of this group or cluster.'),
  maxretry: bounded('maxretry'),
  findtime: bounded('findtime').describe('Seconds.'),
  bantime: z.union([z.literal(-1), z.number().int().min(1).max(SETTINGS_BOUNDS.bantime.max)]).optional(),
  days: z.number().int().min(1).max(PREVIEW_DAYS).default(PREVIEW_DAYS),
})
export type PreviewBody = z.input<typeof previewBody>

/** Most addresses of a node that a preview names on each side. */
export const PREVIEW_NAMED = 100

export const previewAddress = z.object({
  ip: z.string(),
  /** When it would have been banned first. */
  at: epochMs,
  bans: z.number().int(),
  signedIn: z
    .boolean()
    .describe('Whether somebody signed in to this dashboard from it: most likely one of yours.'),
  allowed: z.boolean().describe('Whether an allow list names it now: it would not be banned.'),
  successes: successView.nullable().describe('Logins from it on any node that went well; null: none.'),
})

const previewSide = z.object({
  bans: z.number().int(),
  addresses: z.number().int(),
})

/** What the failures of the past would have led to with the settings of now and with those that are proposed. */
export const previewView = z.object({
  from: epochMs,
  to: epochMs,
  failures: z.number().int(),
  /** How long it took. */
  ms: z.number().int(),
  nodes: z.array(
    z.object({
      node: z.string(),
      failures: z.number().int(),
      settings: z.object({ now: jailSettings, proposed: jailSettings }),
      now: previewSide,
      proposed: previewSide,
      /** Addresses that would have been banned in addition, at most 100 of them named. */
      banned: z.object({ total: z.number().int(), addresses: z.array(previewAddress) }),
      /** Addresses that would not have been banned any more. */
      spared: z.object({ total: z.number().int(), addresses: z.array(previewAddress) }),
    }),
  ),
  note: z.string().describe('What history cannot know.'),
})
export type PreviewView = z.infer<typeof previewView>

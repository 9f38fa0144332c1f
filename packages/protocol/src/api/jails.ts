import { SETTINGS_BOUNDS } from '@warder/core'
import * as z from 'zod'
import { CONFIRM_BOUNDS, jailSettings, LOCAL_KEYS, sharingPolicy } from '../settings.ts'
import { confirm } from './lists.ts'
import { revisionState } from './nodes.ts'
import { epochMs, page, pageQuery } from './page.ts'

/** Which layer a node's value comes from. */
export const layer = z.enum(['configured', 'fleet', 'cluster', 'group', 'node'])

/** One jail on one node. */
export const jailView = z.object({
  node: z.string(),
  jail: z.string(),
  filter: z.string(),
  state: z.enum(['running', 'disabled', 'failed', 'paused', 'unknown']),
  reason: z.string().nullable(),
  ports: z.string(),
  sources: z.array(z.string()),
  /** What the node's own files say. */
  configured: jailSettings,
  /** What the newest revision wants: configured, overlaid by fleet, cluster and node. */
  wanted: jailSettings,
  /** What the node said it runs. */
  effective: jailSettings,
  layers: z.object({
    enabled: layer,
    maxretry: layer,
    findtime: layer,
    bantime: layer,
    policy: layer,
  }),
  revision: revisionState,
  /** What was changed by hand on the node itself, until it gets other settings. */
  local: z.array(z.enum(LOCAL_KEYS)),
  ipv6prefix: z
    .number()
    .int()
    .nullable()
    .describe('So many bits make IPv6 addresses one; null: each counts by itself, or the agent is older.'),
  aggregate: z
    .number()
    .int()
    .nullable()
    .describe(
      'So many addresses of one /24 (IPv6: /56) banned within findtime ban all of it; null: none do.',
    ),
  activeBans: z.number().int(),
  failuresLastDay: z.number().int(),
  lastMatchAt: epochMs.nullable(),
})
export type JailView = z.infer<typeof jailView>
/** GET /jails: every jail of every node, by node and jail. */
export const jailsView = z.array(jailView)
export const jailsQuery = z.strictObject({
  node: z.string().max(80).optional(),
  jail: z.string().max(64).optional(),
})

/** On trial: a node that applied it and then cannot reach the server goes back by itself. */
export const confirmWithin = z
  .number()
  .int()
  .min(CONFIRM_BOUNDS.min)
  .max(CONFIRM_BOUNDS.max)
  .optional()
  .describe(
    'Seconds. A node that cannot reach the server within them after applying the change goes back by itself to what it ran before, and says so. Absent: it keeps the change. Agents of older releases always keep it.',
  )

const bounded = (name: keyof typeof SETTINGS_BOUNDS) =>
  z.number().int().min(SETTINGS_BOUNDS[name].min).max(SETTINGS_BOUNDS[name].max)
const maxretry = bounded('maxretry')
const findtime = bounded('findtime').describe('Seconds.')
const bantime = z.union([z.literal(-1), bounded('bantime')]).describe('Seconds; -1 is for ever.')

/** A change: keys that are named are set on this layer; `null` takes a key back to what it inherits. */
export const settingsBody = z.strictObject({
  enabled: z.boolean().nullable().optional(),
  maxretry: maxretry.nullable().optional(),
  findtime: findtime.nullable().optional(),
  bantime: bantime.nullable().optional(),
  policy: z
    .nullable(sharingPolicy)
    .optional()
    .describe(
      '`local`: its bans stay on the node. `cluster`: all nodes of the cluster enforce them, and failures on different nodes add up. `after N nodes`: all do once N nodes banned the address by themselves.',
    ),
  reason: z.string().max(500).optional(),
  /** The revision the change is based on; refused as stale when a newer one exists. */
  base: z.number().int().min(0).optional(),
  confirm,
  confirmWithin,
})
export type SettingsBody = z.input<typeof settingsBody>

/** What holds for all nodes and jails. */
export const fleetSettingsView = z.object({
  revision: z.number().int(),
  filterLocalNetworks: z
    .boolean()
    .nullable()
    .describe(
      'Whether addresses in networks that a node is attached to can be banned; null: as `filter_local_networks` in each agent.toml says.',
    ),
})
export type FleetSettingsView = z.infer<typeof fleetSettingsView>

/** A change of it: `null` takes a key back to what each node's own file says. */
export const fleetSettingsBody = z.strictObject({
  filterLocalNetworks: z.boolean().nullable().optional(),
  reason: z.string().max(500).optional(),
  /** The revision the change is based on; refused as stale when a newer one exists. */
  base: z.number().int().min(0).optional(),
  confirmWithin,
})
export type FleetSettingsBody = z.input<typeof fleetSettingsBody>

export const settingsChanged = z.object({
  revision: z.number().int(),
  nodes: z.array(z.object({ node: z.string(), state: z.enum(['applied', 'pending', 'refused']) })),
})
export type SettingsChanged = z.infer<typeof settingsChanged>

export const revisionView = z.object({
  revision: z.number().int(),
  at: epochMs,
  by: z.string(),
  reason: z.string().nullable(),
  /** In words: `sshd on all nodes: maxretry 5 → 3`. */
  summary: z.string(),
  confirmWithin: z
    .number()
    .int()
    .nullable()
    .describe(
      'Within how many seconds a node must reach the server, else it goes back by itself; null: it does not.',
    ),
})
export type RevisionView = z.infer<typeof revisionView>
/** GET /revisions, newest first. */
export const revisionPage = page(revisionView)
export type RevisionPage = z.infer<typeof revisionPage>
export const revisionsQuery = z.strictObject({ ...pageQuery })

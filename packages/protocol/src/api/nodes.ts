import * as z from 'zod'
import { firewallReport } from '../event.ts'
import { suspended } from '../link/sharing.ts'
import { agentFigures, enforcement, neverStatus, sourceStatus } from '../link/up.ts'
import { epochMs } from './page.ts'

export const revisionState = z.object({
  /** The newest revision that concerns the node, and what it last answered. */
  wanted: z.number().int(),
  answered: z.number().int(),
  state: z.enum(['applied', 'pending', 'refused']),
  reason: z.string().nullable(),
})

/** Something about a node that somebody should look at, in words. */
export const alarm = z.object({
  kind: z.enum(['clock-skew', 'version-skew', 'outbox-growing', 'disk-low', 'backup-failed', 'jail-silent']),
  jail: z.string().nullable(),
  title: z.string(),
  detail: z.string(),
})
export type Alarm = z.infer<typeof alarm>

export const nodeView = z.object({
  name: z.string(),
  cluster: z.string().nullable(),
  state: z.enum(['online', 'offline', 'never-seen']),
  /** When the state began. */
  since: epochMs,
  lastSeenAt: epochMs.nullable(),
  enrolledAt: epochMs,
  address: z.string().nullable(),
  agent: z.string().nullable(),
  startedAt: epochMs.nullable(),
  firewall: z.nullable(firewallReport),
  /** Present while the node enforces nothing because someone wanted it so. */
  suspended: z.nullable(suspended),
  /** What the firewall itself said of the bans it holds; null before it was asked, and for agents that do not say. */
  enforcement: z.nullable(enforcement),
  revision: revisionState,
  sources: z.array(sourceStatus),
  activeBans: z.number().int(),
  failuresLastHour: z.number().int(),
  outboxDepth: z.number().int(),
  lagMs: z.number().int(),
  rssBytes: z.number().int(),
  /** Whom it never bans, and why; null before its first status, and for agents that do not tell. */
  never: z.nullable(neverStatus),
  /** How far the node's clock is ahead of the server's; null before the first status. */
  clockSkewMs: z.number().int().nullable(),
  /** What its agent counts of itself; null before the first status, and for agents that do not tell. */
  figures: z.nullable(agentFigures),
  /** What somebody should look at there. */
  alarms: z.array(alarm),
})
export type NodeView = z.infer<typeof nodeView>
/** GET /nodes: all of them, by name. */
export const nodesView = z.array(nodeView)

export const joinCodeBody = z.strictObject({
  minutes: z.number().int().min(1).max(1_440).default(15).describe('How long the code can be used.'),
})
export const joinCodeView = z.object({
  /** `warder-join.<code>.<fingerprint>`, shown once. */
  join: z.string(),
  fingerprint: z.string(),
  expiresAt: epochMs,
  /** What to run on the node. */
  command: z.string(),
})
export type JoinCodeView = z.infer<typeof joinCodeView>

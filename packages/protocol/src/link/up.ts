import * as z from 'zod/mini'
import { firewallReport, jailName, neverReason, outboxEvent } from '../event.ts'
import { jailSettings, LOCAL_KEYS } from '../settings.ts'
import { listsStatus } from './lists.ts'
import { answer } from './question.ts'
import { suspended } from './sharing.ts'
import { EVENTS_PER_MESSAGE } from './version.ts'

const epochMs = z.int().check(z.gte(0))
const sentence = z.string().check(z.maxLength(1_000))
const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/=]{20,200}$/))

/** What the agent reports of one source. */
export const sourceStatus = z.strictObject({
  /** `journal` or the file's path. */
  id: z.string().check(z.maxLength(4_096)),
  state: z.enum(['reading', 'waiting', 'lost']),
  /** Why it waits or is lost, in words. */
  reason: z.exactOptional(sentence),
  lines: z.int(),
  matches: z.int(),
  lastLineAt: z.nullable(epochMs),
  lastMatchAt: z.nullable(epochMs),
})
export type SourceStatus = z.infer<typeof sourceStatus>

/** What the agent reports of one jail: what it runs now, and what its own files say. */
export const jailStatus = z.strictObject({
  name: jailName,
  filter: z.string().check(z.maxLength(64)),
  /** `paused`: its expressions took too long and are put aside, its bans stay. Since version 2. */
  state: z.enum(['running', 'disabled', 'failed', 'paused']),
  reason: z.exactOptional(sentence),
  ports: z.string().check(z.maxLength(400)),
  sources: z.array(z.string().check(z.maxLength(4_096))).check(z.maxLength(200)),
  /** From the node's own configuration, before tuning. */
  configured: jailSettings,
  /** What runs now. */
  effective: jailSettings,
  /** What was changed by hand on the node itself, until it gets other settings. Since version 3. */
  local: z.exactOptional(z.array(z.enum(LOCAL_KEYS)).check(z.maxLength(LOCAL_KEYS.length))),
  /** So many bits make IPv6 addresses one; absent: each counts by itself. Since version 3. */
  ipv6prefix: z.exactOptional(z.int().check(z.gte(1), z.lte(127))),
  /** So many banned neighbours ban all of them; absent: none do. Since version 3. */
  aggregate: z.exactOptional(z.int().check(z.gte(2), z.lte(256))),
  activeBans: z.int(),
  lastMatchAt: z.nullable(epochMs),
})
export type JailStatus = z.infer<typeof jailStatus>

/** Most addresses of one group that a status names. */
export const NEVER_SHOWN = 30

const neighbour = z.strictObject({
  target: z.string().check(z.maxLength(49)),
  /** What it was found by: an interface, a host name, the name of a node. */
  of: z.exactOptional(z.string().check(z.maxLength(253))),
})

/** Whom a node never bans, and why. */
export const neverStatus = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        reason: neverReason,
        /** How many there are; at most 30 of them are named. */
        total: z.int(),
        targets: z.array(neighbour).check(z.maxLength(NEVER_SHOWN)),
      }),
    )
    .check(z.maxLength(50)),
  /** The networks that the node is attached to, and whether who is in them can be banned. */
  localNetworks: z.strictObject({
    filtered: z.boolean(),
    networks: z.array(neighbour).check(z.maxLength(NEVER_SHOWN)),
  }),
})
export type NeverStatus = z.infer<typeof neverStatus>

/** Most bans that are named as missing in one status, and most of one jail. */
export const MISSING_NAMED = 500

/** How a jail's bans stood when the firewall was asked last. */
export const jailEnforcement = z.strictObject({
  jail: jailName,
  /** Bans that were to be in force, and those of them that were. */
  wanted: z.int().check(z.gte(0)),
  enforced: z.int().check(z.gte(0)),
  /** Which ones were not, as far as there is room; the difference of the two says how many. */
  missing: z.array(z.string().check(z.maxLength(49))).check(z.maxLength(MISSING_NAMED)),
  /** Packets of banned addresses that were blocked, since the agent or its rules began. */
  dropped: z.int().check(z.gte(0)),
})
export type JailEnforcement = z.infer<typeof jailEnforcement>

/** What the firewall itself said of the bans that it holds. */
export const enforcement = z.strictObject({
  /** When it was last looked at; nothing had changed by then since all bans were compared at `comparedAt`. */
  checkedAt: epochMs,
  comparedAt: epochMs,
  jails: z.array(jailEnforcement).check(z.maxLength(501)),
})
export type Enforcement = z.infer<typeof enforcement>

/** What an agent counts of itself. */
export const agentFigures = z.strictObject({
  /** Lines that were read since the start, and those of them that a jail found something in. */
  lines: z.int().check(z.gte(0)),
  matches: z.int().check(z.gte(0)),
  /** Tasks that wait for their turn: parts of logs, orders, settings. */
  queued: z.int().check(z.gte(0)),
  /** Free room where it keeps its state. */
  diskFreeBytes: z.int().check(z.gte(0)),
})
export type AgentFigures = z.infer<typeof agentFigures>

/** A node's state, sent after each change and at least every 15 s. Not durable: only the latest counts. */
export const nodeStatus = z.strictObject({
  at: epochMs,
  agent: z.string().check(z.maxLength(32)),
  startedAt: epochMs,
  firewall: firewallReport,
  revision: z.int(),
  sources: z.array(sourceStatus).check(z.maxLength(500)),
  jails: z.array(jailStatus).check(z.maxLength(500)),
  activeBans: z.int(),
  outboxDepth: z.int(),
  /** How long the last line waited between being written and being decided on. */
  lagMs: z.int(),
  rssBytes: z.int(),
  /** Since version 3. */
  never: z.exactOptional(neverStatus),
  /** Present while nothing is enforced because someone wanted it so. Since version 3. */
  suspended: z.exactOptional(suspended),
  /** Since version 3. */
  lists: z.exactOptional(listsStatus),
  /** Absent until the firewall was asked. Since version 3. */
  enforcement: z.exactOptional(enforcement),
  /** Since version 3. */
  figures: z.exactOptional(agentFigures),
})
export type NodeStatus = z.infer<typeof nodeStatus>

/** First message of the agent, in answer to the server's challenge. */
export const hello = z.strictObject({
  kind: z.literal('hello'),
  version: z.int(),
  /** Raw Ed25519 public key, base64. */
  key: base64,
  /** Ed25519 signature over helloBytes(), base64. */
  signature: base64,
  /** The agent's own nonce, which the server signs in its welcome. */
  nonce: base64,
  /** The node's host name, a wish: the server makes it unique. */
  name: z.string().check(z.minLength(1), z.maxLength(64)),
  cluster: z.nullable(z.string().check(z.maxLength(64))),
  agent: z.string().check(z.maxLength(32)),
  /** One-time join code; only on first contact. */
  join: z.exactOptional(z.string().check(z.maxLength(200))),
  /** The id of the agent's outbox: a new state file has a new one, and its sequence starts again. */
  outbox: z.string().check(z.minLength(8), z.maxLength(64)),
})
export type Hello = z.infer<typeof hello>

/** All that an agent may say. */
export const up = z.discriminatedUnion('kind', [
  hello,
  /**
   * The next events of the outbox, in order. A number may be left out only right before an `outbox.gapped`,
   * which says that events before it are lost; any other gap closes the link. The same holds where a welcome's
   * `acked` is less than what was acknowledged before (a server restored from a backup).
   */
  z.strictObject({
    kind: z.literal('events'),
    events: z.array(outboxEvent).check(z.minLength(1), z.maxLength(EVENTS_PER_MESSAGE)),
  }),
  z.strictObject({ kind: z.literal('status'), status: nodeStatus }),
  /** To a question of the server. Since version 2. */
  z.strictObject({
    kind: z.literal('answer'),
    id: z.string().check(z.minLength(1), z.maxLength(64)),
    answer,
  }),
])
export type Up = z.infer<typeof up>

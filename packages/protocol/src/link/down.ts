import { ORDER_LIMIT, type Order } from '@warder/core'
import * as z from 'zod/mini'
import { jailName } from '../event.ts'
import { CONFIRM_BOUNDS, jailOverrides } from '../settings.ts'
import { listsPart } from './lists.ts'
import { question } from './question.ts'
import { sharingDown } from './sharing.ts'

const epochMs = z.int().check(z.gte(0))
const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/=]{20,200}$/))
const id = z.string().check(z.minLength(1), z.maxLength(64))
const by = z.string().check(z.maxLength(128))
const ips = z.array(z.string().check(z.maxLength(49))).check(z.minLength(1), z.maxLength(ORDER_LIMIT))
const reason = z.exactOptional(z.string().check(z.maxLength(1_000)))

/** An operator's order as it travels. */
export const orderSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ban'),
    id,
    ip: z.string().check(z.maxLength(49)),
    jail: jailName,
    bantime: z.nullable(z.int().check(z.gte(-1))),
    by,
    reason,
    expiresAt: epochMs,
  }),
  z.strictObject({
    kind: z.literal('lift'),
    id,
    ip: z.nullable(z.string().check(z.maxLength(49))),
    jail: z.nullable(jailName),
    by,
    reason,
    issuedAt: epochMs,
  }),
  /** Since version 3. */
  z.strictObject({
    kind: z.literal('ban-many'),
    id,
    ips,
    jail: jailName,
    bantime: z.nullable(z.int().check(z.gte(-1))),
    by,
    reason,
    expiresAt: epochMs,
  }),
  /** Since version 3. */
  z.strictObject({
    kind: z.literal('lift-many'),
    id,
    ips,
    jail: z.nullable(jailName),
    by,
    reason,
    issuedAt: epochMs,
  }),
])
const orderAgrees: Order = {} as z.infer<typeof orderSchema>
void orderAgrees

/** What a node should run: overrides of its own configuration, already resolved for this node. */
export const wantedSettings = z.strictObject({
  revision: z.int().check(z.gte(0)),
  jails: jailOverrides,
  /** Whether networks that the node is attached to are filtered; absent: as its own file says. Since version 3. */
  filterLocalNetworks: z.exactOptional(z.boolean()),
  /**
   * On trial: an agent that cannot reach the server within so many seconds after applying goes back by itself and
   * answers `settings.refused`. Since version 3.
   */
  confirmWithin: z.exactOptional(z.int().check(z.gte(CONFIRM_BOUNDS.min), z.lte(CONFIRM_BOUNDS.max))),
})
export type WantedSettings = z.infer<typeof wantedSettings>

/** Addresses of operators who are at the dashboard, and until when that holds without news of it. */
export const operators = z
  .array(z.strictObject({ ip: z.string().check(z.minLength(2), z.maxLength(49)), until: epochMs }))
  .check(z.maxLength(200))
export type Operators = z.infer<typeof operators>

/** All that a server may say. */
export const down = z.discriminatedUnion('kind', [
  /** First message on the link. */
  z.strictObject({
    kind: z.literal('challenge'),
    version: z.int(),
    nonce: base64,
    key: base64,
    /** Ed25519 signature over channelBytes(), base64: this very TLS connection ends at the server. For who asks for it. */
    channel: z.exactOptional(base64),
  }),
  /** The agent is known. `acked`: the last event of this outbox that is in history. */
  z.strictObject({
    kind: z.literal('welcome'),
    /** The node's name, unique in the fleet. */
    node: z.string().check(z.maxLength(80)),
    /** Ed25519 signature over welcomeBytes(), base64: the server's proof. */
    signature: base64,
    acked: z.int().check(z.gte(0)),
    settings: wantedSettings,
    at: epochMs,
  }),
  z.strictObject({
    kind: z.literal('refused'),
    code: z.enum(['join-code-invalid', 'key-unknown', 'signature-wrong', 'version-unserved', 'node-removed']),
    message: z.string().check(z.maxLength(500)),
  }),
  z.strictObject({ kind: z.literal('ack'), acked: z.int().check(z.gte(0)) }),
  z.strictObject({ kind: z.literal('settings'), settings: wantedSettings }),
  z.strictObject({ kind: z.literal('order'), order: orderSchema }),
  /** Asks the node something now; it gives one answer with the same id. Since version 2. */
  z.strictObject({ kind: z.literal('question'), id, question }),
  ...sharingDown,
  /** A part of the allow and deny lists, which are whole when all parts of one stamp are there. Since version 3. */
  z.strictObject({ kind: z.literal('lists'), part: listsPart }),
  /** Who is at the dashboard now, whole; nobody bans them until then. Since version 3. */
  z.strictObject({ kind: z.literal('operators'), operators }),
])
export type Down = z.infer<typeof down>

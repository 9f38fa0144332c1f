import * as z from 'zod/mini'
import { jailName, ticketSchema } from '../event.ts'

const epochMs = z.int().check(z.gte(0))
const id = z.string().check(z.minLength(1), z.maxLength(64))
const by = z.string().check(z.maxLength(128))
const reason = z.exactOptional(z.string().check(z.maxLength(1_000)))

/** Most shares in one message. */
export const SHARES_PER_MESSAGE = 200

/** Most shares that are in force in a cluster; their names fit into one message. */
export const SHARES_MOST = 20_000

/** A ban that every node of a cluster is to enforce. Its times are by the server's clock. */
export const share = z.strictObject({
  id,
  /** Canonical. */
  ip: z.string().check(z.maxLength(49)),
  jail: jailName,
  at: epochMs,
  until: z.nullable(epochMs),
  /** The nodes that saw what it is for, and the policy under which it is shared. */
  nodes: z.array(z.string().check(z.maxLength(80))).check(z.maxLength(50)),
  policy: z.string().check(z.maxLength(40)),
  ticket: z.exactOptional(ticketSchema),
})
export type Share = z.infer<typeof share>

/** What is wanted of a node's enforcing: nothing until a moment, or (null) that it goes on. */
export const suspensionWish = z.strictObject({ id, until: z.nullable(epochMs), by, reason })
export type SuspensionWish = z.infer<typeof suspensionWish>

/** A suspension as a node reports it. */
export const suspended = z.strictObject({
  since: epochMs,
  until: epochMs,
  by,
  reason,
  /** Who asked: the node's own command line, the cluster's file, or the server. */
  source: z.enum(['node', 'cluster', 'server']),
})
export type Suspended = z.infer<typeof suspended>

/** Messages of the server about shared bans and suspensions. All since version 3. */
export const sharingDown = [
  /** Bans to enforce from now on. One that is known already, with the same end, changes nothing. */
  z.strictObject({
    kind: z.literal('shares'),
    shares: z.array(share).check(z.minLength(1), z.maxLength(SHARES_PER_MESSAGE)),
    /** The server's time when it was sent. */
    at: epochMs,
  }),
  /** Shares that end before their time: an operator lifted them everywhere. */
  z.strictObject({
    kind: z.literal('unshare'),
    ids: z.array(id).check(z.minLength(1), z.maxLength(SHARES_MOST)),
    by,
    reason,
  }),
  /** All shares that are in force for the node, once after the welcome: those that it has beside them end. */
  z.strictObject({ kind: z.literal('shared'), ids: z.array(id).check(z.maxLength(SHARES_MOST)) }),
  /** Lets the node enforce nothing for a while, or go on. One that was dealt with before changes nothing. */
  z.strictObject({ kind: z.literal('suspension'), wish: suspensionWish }),
] as const

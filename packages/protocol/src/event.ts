import type { NodeEvent } from '@warder/core'
import * as z from 'zod/mini'
import { jailSettings } from './settings.ts'

/** Text from a log line as it travels: bounded, never interpreted. */
const logText = z.string().check(z.maxLength(2_000))
const ip = z.string().check(z.minLength(2), z.maxLength(49))
/** What the name of a jail looks like. */
export const JAIL_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/
export const jailName = z.string().check(z.regex(JAIL_NAME))
const epochMs = z.int().check(z.gte(0))
const sentence = z.string().check(z.maxLength(1_000))
const id = z.string().check(z.minLength(1), z.maxLength(64))

export const ticketSchema = z.strictObject({
  failures: z.int(),
  seen: z.exactOptional(z.int()),
  /** `neighbours` since version 3. */
  counts: z.exactOptional(z.enum(['bans', 'neighbours'])),
  offence: z.exactOptional(z.int()),
  first: epochMs,
  last: epochMs,
  maxretry: z.int(),
  findtime: z.int(),
  users: z.array(z.string().check(z.maxLength(128))).check(z.maxLength(10)),
  lines: z.array(logText).check(z.maxLength(20)),
})

/** Where a shared ban comes from. */
export const sharedFrom = z.strictObject({
  share: id,
  nodes: z.array(z.string().check(z.maxLength(80))).check(z.maxLength(50)),
  jail: jailName,
  policy: z.string().check(z.maxLength(40)),
})

export const banSchema = z.strictObject({
  jail: jailName,
  ip,
  at: epochMs,
  until: z.nullable(epochMs),
  /** `shared` and `list` since version 3. */
  origin: z.enum(['detected', 'operator', 'shared', 'list']),
  ticket: z.exactOptional(ticketSchema),
  by: z.exactOptional(z.string().check(z.maxLength(128))),
  reason: z.exactOptional(sentence),
  from: z.exactOptional(sharedFrom),
})

export const firewallReport = z.strictObject({
  /** `ipset` since version 3. */
  backend: z.enum(['nftables', 'ipset', 'dry-run', 'memory']),
  enforcing: z.boolean(),
  reason: sentence,
})

/** Why an address is never banned. */
export const neverReason = z.enum([
  'loopback',
  'own-address',
  'cluster-member',
  'gateway',
  'server',
  'proxy',
  'local-network',
  'private-network',
  'allowlist',
  'operator',
  'ignoreip',
])

const ignoreReason = z.enum([
  ...neverReason.options,
  'not-an-address',
  'name-unknown',
  'ignorecommand',
  'jail-unknown',
  'jail-disabled',
  'order-expired',
])

/** Every fact that a node can report; the same union as the core's NodeEvent (proved below). */
export const nodeEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('agent.started'),
    agent: z.string().check(z.maxLength(32)),
    firewall: firewallReport,
  }),
  z.strictObject({
    kind: z.literal('failure.found'),
    jail: jailName,
    ip,
    failedAt: epochMs,
    user: z.exactOptional(z.string().check(z.maxLength(128))),
    line: logText,
  }),
  z.strictObject({
    kind: z.literal('failure.ignored'),
    jail: jailName,
    ip,
    reason: ignoreReason,
    line: logText,
  }),
  /** Since version 3. */
  z.strictObject({
    kind: z.literal('success.found'),
    jail: jailName,
    ip,
    succeededAt: epochMs,
    user: z.exactOptional(z.string().check(z.maxLength(128))),
    count: z.int().check(z.gte(1)),
  }),
  z.strictObject({ kind: z.literal('ban.added'), ban: banSchema, order: z.exactOptional(id) }),
  z.strictObject({ kind: z.literal('ban.extended'), ban: banSchema, order: z.exactOptional(id) }),
  z.strictObject({
    kind: z.literal('ban.lifted'),
    jail: jailName,
    ip,
    by: z.string().check(z.maxLength(128)),
    reason: z.exactOptional(sentence),
    order: z.exactOptional(id),
  }),
  z.strictObject({ kind: z.literal('ban.expired'), jail: jailName, ip }),
  z.strictObject({
    kind: z.literal('ban.refused'),
    jail: jailName,
    ip,
    reason: ignoreReason,
    order: z.exactOptional(id),
    from: z.exactOptional(z.string().check(z.maxLength(128))),
  }),
  z.strictObject({ kind: z.literal('order.finished'), order: id, changed: z.int() }),
  z.strictObject({ kind: z.literal('jail.started'), jail: jailName, settings: jailSettings }),
  z.strictObject({ kind: z.literal('jail.stopped'), jail: jailName, reason: sentence }),
  /** Since version 3. */
  z.strictObject({ kind: z.literal('jail.tried'), jail: jailName, ip, passed: z.boolean() }),
  z.strictObject({ kind: z.literal('source.lost'), source: sentence, reason: sentence }),
  z.strictObject({ kind: z.literal('source.regained'), source: sentence }),
  z.strictObject({ kind: z.literal('firewall.failed'), reason: sentence }),
  z.strictObject({
    kind: z.literal('firewall.drifted'),
    missing: z.int(),
    foreign: z.int(),
    /** Since version 3. */
    rules: z.exactOptional(z.literal(true)),
  }),
  z.strictObject({
    kind: z.literal('firewall.suspended'),
    until: epochMs,
    by: z.string().check(z.maxLength(128)),
    reason: z.exactOptional(sentence),
  }),
  z.strictObject({ kind: z.literal('firewall.resumed'), by: z.string().check(z.maxLength(128)) }),
  z.strictObject({ kind: z.literal('settings.applied'), revision: z.int() }),
  z.strictObject({ kind: z.literal('settings.refused'), revision: z.int(), reason: sentence }),
  z.strictObject({
    kind: z.literal('lists.applied'),
    revision: z.int(),
    allow: z.int(),
    deny: z.int(),
    refused: z.int(),
  }),
  z.strictObject({ kind: z.literal('outbox.gapped'), lost: z.int() }),
])

/** An event in the outbox: numbered without gaps per outbox, with the time it was recorded. */
export const outboxEvent = z.strictObject({ seq: z.int().check(z.gte(1)), at: epochMs, event: nodeEvent })
export type OutboxEvent = z.infer<typeof outboxEvent>

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
type Mutable<T> = T extends readonly (infer U)[]
  ? Mutable<U>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T
/** Does not compile when the core's events and this schema drift apart. */
export const eventsAgree: Same<Mutable<NodeEvent>, Mutable<z.infer<typeof nodeEvent>>> = true

import { banSchema } from '../event.ts'
import { nodeStatus } from '../link/up.ts'
import { ORDER_LIMIT } from '@warder/core'
import * as z from 'zod/mini'

/** Longest request on the agent's control socket, in bytes: one for many addresses. */
export const CONTROL_REQUEST_LIMIT_BYTES = 1_048_576

/** Longest answer, in bytes. */
export const CONTROL_LIMIT_BYTES = 4_194_304

/** Where the agent listens for the command line by default. */
export const CONTROL_SOCKET = '/run/warder/agent.sock'

const ip = z.string().check(z.maxLength(49))
const ips = z.array(ip).check(z.minLength(1), z.maxLength(ORDER_LIMIT))
const jail = z.string().check(z.maxLength(64))

/** CLI → agent: one JSON object in a line. */
export const controlRequest = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('status') }),
  z.strictObject({ verb: z.literal('banned'), ip: z.exactOptional(ip) }),
  z.strictObject({
    verb: z.literal('ban'),
    ip,
    jail: z.exactOptional(jail),
    /** Seconds, -1 for ever. */
    bantime: z.exactOptional(z.int().check(z.gte(-1))),
    reason: z.exactOptional(z.string().check(z.maxLength(500))),
  }),
  /** Without ip: all. */
  z.strictObject({ verb: z.literal('unban'), ip: z.exactOptional(ip), jail: z.exactOptional(jail) }),
  /** The same for many, each once: one transaction of the firewall. */
  z.strictObject({
    verb: z.literal('ban-many'),
    ips,
    jail: z.exactOptional(jail),
    bantime: z.exactOptional(z.int().check(z.gte(-1))),
    reason: z.exactOptional(z.string().check(z.maxLength(500))),
  }),
  z.strictObject({ verb: z.literal('unban-many'), ips, jail: z.exactOptional(jail) }),
  /** Nobody bans it on this node for so many seconds (-1: until it is taken back). */
  z.strictObject({
    verb: z.literal('allow'),
    ip,
    seconds: z.int().check(z.gte(-1)),
    note: z.exactOptional(z.string().check(z.maxLength(200))),
  }),
  /** Takes that back. */
  z.strictObject({ verb: z.literal('disallow'), ip }),
  /** Who is allowed so. */
  z.strictObject({ verb: z.literal('allowed') }),
  z.strictObject({ verb: z.literal('reload') }),
])
export type ControlRequest = z.infer<typeof controlRequest>

const problem = z.strictObject({ ok: z.literal(false), message: z.string(), remedy: z.string() })

/** Agent → CLI: one JSON object in a line, then the end. */
export const controlAnswer = z.union([
  problem,
  z.strictObject({
    ok: z.literal(true),
    status: z.exactOptional(
      z.strictObject({
        node: z.nullable(z.string()),
        server: z.nullable(z.string()),
        link: z.string(),
        report: nodeStatus,
      }),
    ),
    bans: z.exactOptional(z.array(banSchema)),
    /** How often the address that was asked for was banned so far, by jail. */
    past: z.exactOptional(
      z.array(z.strictObject({ jail, ip, bans: z.int(), lastAt: z.int() })).check(z.maxLength(1_000)),
    ),
    /** How many bans were made or lifted. */
    changed: z.exactOptional(z.int()),
    /** Of many: what was not banned, and why. */
    refused: z.exactOptional(z.array(z.strictObject({ ip: z.string(), reason: z.string() }))),
    /** Who is allowed on this node only; `until` null: until it is taken back. */
    allowed: z.exactOptional(
      z.array(z.strictObject({ ip, until: z.nullable(z.int()), note: z.string(), at: z.int() })),
    ),
    /** Problems found by a reload; the last good settings stay in force for what is named here. */
    problems: z.exactOptional(z.array(z.string())),
  }),
])
export type ControlAnswer = z.infer<typeof controlAnswer>

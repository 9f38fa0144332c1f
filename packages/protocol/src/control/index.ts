import { banSchema } from '../event.ts'
import { SUSPENSION_MOST_S } from '../link/sharing.ts'
import { nodeStatus } from '../link/up.ts'
import * as z from 'zod/mini'

/** Longest request or answer line on the agent's control socket, in bytes. */
export const CONTROL_LIMIT_BYTES = 4_194_304

/** Where the agent listens for the command line by default. */
export const CONTROL_SOCKET = '/run/warder/agent.sock'

const ip = z.string().check(z.maxLength(49))
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
  z.strictObject({ verb: z.literal('reload') }),
  /** Lifts all bans from the firewall for a while. */
  z.strictObject({
    verb: z.literal('panic'),
    seconds: z.int().check(z.gte(1), z.lte(SUSPENSION_MOST_S)),
    reason: z.exactOptional(z.string().check(z.maxLength(500))),
    /** The name of the wish in the cluster's file, when it was asked of the whole cluster. */
    id: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(64))),
  }),
  /** Enforces again, whoever asked for the suspension. */
  z.strictObject({ verb: z.literal('resume') }),
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
    /** Problems found by a reload; the last good settings stay in force for what is named here. */
    problems: z.exactOptional(z.array(z.string())),
  }),
])
export type ControlAnswer = z.infer<typeof controlAnswer>

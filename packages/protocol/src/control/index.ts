import { banSchema } from '../event.ts'
import { doctorReport } from '../doctor.ts'
import { jailStatus, nodeStatus } from '../link/up.ts'
import { settingsOverride } from '../settings.ts'
import { SUSPENSION_MOST_S } from '../words.ts'
import { ORDER_LIMIT } from '@warder/core'
import * as z from 'zod/mini'

/** Longest request on the agent's control socket, in bytes: one for many addresses. */
export const CONTROL_REQUEST_LIMIT_BYTES = 1_048_576

/** Longest line of an answer, in bytes. */
export const CONTROL_LINE_BYTES = 4_194_304

/** Where the agent listens for the command line by default. */
export const CONTROL_SOCKET = '/run/warder/agent.sock'

const ip = z.string().check(z.maxLength(49))
const ips = z.array(ip).check(z.minLength(1), z.maxLength(ORDER_LIMIT))
const jail = z.string().check(z.maxLength(64))
const epochMs = z.int().check(z.gte(0))
const text = z.string().check(z.maxLength(4_096))
const texts = z.array(text).check(z.maxLength(1_000))

/** Most bans that one request hands over. */
export const BANS_PER_REQUEST = 200

/** A ban that another program made. */
const foreignBan = z.strictObject({
  jail,
  ip,
  /** Null: for ever. */
  until: z.nullable(epochMs),
  /** How often the address was banned by this jail so far, this ban included, and when last. */
  past: z.int().check(z.gte(0), z.lte(1_000_000)),
  lastAt: epochMs,
})
export type ForeignBan = z.infer<typeof foreignBan>

/** One jail with all that it was configured with. */
const jailDetail = z.strictObject({
  status: jailStatus,
  failregex: texts,
  ignoreregex: texts,
  /** Globs, as configured. */
  logpath: texts,
  /** Any of the groups; of each group all terms. */
  journalmatch: texts,
  readsJournal: z.boolean(),
  datepattern: z.nullable(text),
  usedns: z.enum(['yes', 'no']),
  maxlines: z.int(),
  maxmatches: z.int(),
  /** Addresses, subnets, names and `file:` entries that never count. */
  ignoreip: texts,
  /** Null: none. */
  ignorecommand: z.nullable(text),
  /** Addresses that failed and may still be banned for it. */
  failing: z.int(),
  /** Failures and bans since the agent began; bans that it found then are among them. */
  failures: z.int(),
  banned: z.int(),
})
export type JailDetail = z.infer<typeof jailDetail>

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
  z.strictObject({ verb: z.literal('jail'), jail }),
  /** Changes a jail on this node until the agent ends, reads its files again, or gets other settings from its server. */
  z.strictObject({
    verb: z.literal('tune'),
    jail,
    settings: z.exactOptional(settingsOverride),
    /** Entries of ignoreip to add to and to take out of what its configuration says. */
    ignore: z.exactOptional(texts),
    unignore: z.exactOptional(texts),
  }),
  /** Bans of another program with the time that is left to them. */
  z.strictObject({
    verb: z.literal('take-over'),
    by: z.string().check(z.minLength(1), z.maxLength(128)),
    bans: z.array(foreignBan).check(z.maxLength(BANS_PER_REQUEST)),
    /** Addresses that are not banned now and were before. */
    past: z.array(foreignBan).check(z.maxLength(BANS_PER_REQUEST)),
  }),
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
  /** Proves each jail, or one, with a marked line. */
  z.strictObject({ verb: z.literal('doctor'), jail: z.exactOptional(jail) }),
])
export type ControlRequest = z.infer<typeof controlRequest>

const problem = z.strictObject({ ok: z.literal(false), message: z.string(), remedy: z.string() })

/** Agent → CLI: one JSON object in a line, then the end; a long list of bans in several (`more`). */
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
    /** More bans follow in the next line. */
    more: z.exactOptional(z.literal(true)),
    /** How often the address that was asked for was banned so far, by jail. */
    past: z.exactOptional(
      z.array(z.strictObject({ jail, ip, bans: z.int(), lastAt: z.int() })).check(z.maxLength(1_000)),
    ),
    /** How many bans were made or lifted. */
    changed: z.exactOptional(z.int()),
    jail: z.exactOptional(jailDetail),
    /** Of bans that were handed over: how many were in force already. */
    known: z.exactOptional(z.int()),
    /** Of many: what was not banned, and why. */
    refused: z.exactOptional(
      z.array(z.strictObject({ jail: z.exactOptional(jail), ip: z.string(), reason: z.string() })),
    ),
    /** Who is allowed on this node only; `until` null: until it is taken back. */
    allowed: z.exactOptional(
      z.array(z.strictObject({ ip, until: z.nullable(z.int()), note: z.string(), at: z.int() })),
    ),
    /** What the doctor found. */
    report: z.exactOptional(doctorReport),
    /** Problems found by a reload; the last good settings stay in force for what is named here. */
    problems: z.exactOptional(z.array(z.string())),
  }),
])
export type ControlAnswer = z.infer<typeof controlAnswer>

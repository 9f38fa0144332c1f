import { LINE_LIMIT } from '@warder/core'
import * as z from 'zod/mini'
import { jailName } from '../event.ts'
import { doctorReport } from '../doctor.ts'
import { hardeningFindings, hardenRequest } from '../hardening.ts'

/** Most lines that can be asked for. */
export const LINES_LIMIT = 1_000

/** Most lines of its own log that a node is asked for. */
export const LOG_LIMIT = 200

/** How much of an answer an agent sends at most, in bytes of JSON: a frame takes it with all that is around it. */
export const ANSWER_LIMIT_BYTES = 786_432

const epochMs = z.int().check(z.gte(0))
const sourceId = z.string().check(z.minLength(1), z.maxLength(4_096))
const expression = z.string().check(z.maxLength(50_000))
const expressions = z.array(expression).check(z.maxLength(1_000))

/** What a server may ask of a node. */
export const question = z.discriminatedUnion('kind', [
  /** The last lines of one of the node's sources; of the journal, with `jail`, those that this jail reads. */
  z.strictObject({
    kind: z.literal('lines'),
    source: sourceId,
    jail: z.exactOptional(jailName),
    limit: z.int().check(z.gte(1), z.lte(LINES_LIMIT)),
  }),
  /** The filters of the node's jails, whether they run or not. */
  z.strictObject({ kind: z.literal('filters') }),
  /** What hinders protection on the node. Since version 3. */
  z.strictObject({ kind: z.literal('hardening') }),
  /** Puts one of these right, or takes that back. Answered by `hardening` as it is then. Since version 3. */
  z.strictObject({ kind: z.literal('harden'), ...hardenRequest.shape }),
  /** Proves each jail, or one, with a marked line. Since version 3. */
  z.strictObject({ kind: z.literal('doctor'), jail: z.exactOptional(jailName) }),
  /** The last lines that the agent logged itself. Since version 3. */
  z.strictObject({ kind: z.literal('log'), limit: z.int().check(z.gte(1), z.lte(LOG_LIMIT)) }),
])
export type Question = z.infer<typeof question>

/** A line of a source: attacker text, bounded, never interpreted. */
export const tailLine = z.strictObject({
  text: z.string().check(z.maxLength(LINE_LIMIT)),
  /** When it was written, where the source knows (the journal); a file's line has its date in the text. */
  writtenAt: z.nullable(epochMs),
})
export type TailLine = z.infer<typeof tailLine>

/** A line that an agent logged itself. */
export const logLine = z.strictObject({
  at: epochMs,
  level: z.enum(['debug', 'info', 'warn', 'error']),
  /** The part of the agent; null: the agent as a whole. */
  part: z.nullable(z.string().check(z.maxLength(64))),
  text: z.string().check(z.maxLength(1_000)),
})
export type LogLine = z.infer<typeof logLine>

/** A filter as a node runs it, with everything that its files refer to put in. */
export const filterReport = z.strictObject({
  name: z.string().check(z.maxLength(64)),
  /** The jails that use exactly this one. */
  jails: z.array(jailName).check(z.minLength(1), z.maxLength(500)),
  prefregex: z.nullable(expression),
  failregex: expressions,
  ignoreregex: expressions,
  datepattern: z.nullable(expression),
  maxlines: z.int().check(z.gte(1)),
})
export type FilterReport = z.infer<typeof filterReport>

/** What a node answers. `cut`: there was more than an answer takes; of lines the newest are kept. */
export const answer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('lines'),
    /** Oldest first. */
    lines: z.array(tailLine).check(z.maxLength(LINES_LIMIT)),
    /** How far the node's local time is ahead of UTC, in minutes: for dates that name no zone. */
    zone: z.int().check(z.gte(-1_440), z.lte(1_440)),
    cut: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('filters'),
    filters: z.array(filterReport).check(z.maxLength(500)),
    cut: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('hardening'), findings: hardeningFindings }),
  z.strictObject({ kind: z.literal('doctor'), report: doctorReport }),
  /** Oldest first. */
  z.strictObject({ kind: z.literal('log'), lines: z.array(logLine).check(z.maxLength(LOG_LIMIT)) }),
  z.strictObject({
    kind: z.literal('refused'),
    code: z.enum(['source-unknown', 'source-unreadable', 'failed']),
    /** In words, for the operator. */
    reason: z.string().check(z.maxLength(1_000)),
  }),
])
export type Answer = z.infer<typeof answer>

import * as z from 'zod/mini'
import { jailName } from './event.ts'

const sentence = z.string().check(z.maxLength(2_000))
const ms = z.nullable(z.number().check(z.gte(0)))

/** The way of a line from the log to the history. */
export const doctorHop = z.strictObject({
  hop: z.enum(['write', 'read', 'match', 'decision', 'firewall', 'link', 'history']),
  /** `skipped`: it was not tried, for the reason that is said. */
  state: z.enum(['ok', 'broken', 'skipped']),
  /** How long this hop took; null where it was not reached. */
  ms,
  said: sentence,
})
export type DoctorHop = z.infer<typeof doctorHop>

/** One jail, tried with a marked line through one of its real sources. */
export const doctorJail = z.strictObject({
  jail: jailName,
  /** `journal` or the file's path; null: it reads nothing. */
  source: z.nullable(z.string().check(z.maxLength(4_096))),
  /** `partly`: as far as it could be tried all is well. */
  verdict: z.enum(['alive', 'partly', 'broken']),
  /** The address of the documentation ranges that stood in the line. */
  ip: z.nullable(z.string().check(z.maxLength(49))),
  /** The line that was written. */
  line: z.nullable(z.string().check(z.maxLength(2_000))),
  hops: z.array(doctorHop).check(z.maxLength(10)),
})
export type DoctorJail = z.infer<typeof doctorJail>

/** A known trouble: whether it is there, and what helps. */
export const doctorFinding = z.strictObject({
  /** Also the place in the page of troubles, docs/operate/troubleshoot.md. */
  id: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,39}$/)),
  state: z.enum(['fine', 'found', 'unread']),
  /** `broken`: protection does not work. `warning`: it works, with this in its way. */
  severity: z.enum(['broken', 'warning']),
  title: z.string().check(z.maxLength(200)),
  cause: sentence,
  /** What to do; empty where all is fine. */
  remedy: sentence,
})
export type DoctorFinding = z.infer<typeof doctorFinding>

export const doctorReport = z.strictObject({
  at: z.int().check(z.gte(0)),
  jails: z.array(doctorJail).check(z.maxLength(200)),
  findings: z.array(doctorFinding).check(z.maxLength(50)),
})
export type DoctorReport = z.infer<typeof doctorReport>

/** Whether something does not work. */
export const isBroken = ({ jails, findings }: DoctorReport): boolean =>
  jails.some(({ verdict }) => verdict === 'broken') ||
  findings.some(({ state, severity }) => state === 'found' && severity === 'broken')

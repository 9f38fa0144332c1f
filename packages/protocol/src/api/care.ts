import * as z from 'zod'
import { JAIL_NAME } from '../event.ts'
import { LOG_LIMIT } from '../link/question.ts'
import { epochMs } from './page.ts'

/** One setting of a node that helps or hinders protection. */
export const hardeningView = z.object({
  id: z.string(),
  state: z
    .enum(['fine', 'found', 'applied', 'edited', 'unread'])
    .describe('`applied`: put right by us; `edited`: changed by somebody else since, so it is left alone.'),
  severity: z.enum(['high', 'medium', 'low']),
  title: z.string(),
  cause: z.string(),
  effect: z.string(),
  fix: z.string().nullable().describe('What we would do; null: advice only.'),
  byHand: z.array(z.string()).describe('Commands that do it by hand.'),
  undo: z.string().nullable(),
})
export type HardeningView = z.infer<typeof hardeningView>

/** GET /nodes/{node}/hardening, and the answer to a change of one. */
export const hardeningList = z.object({ findings: z.array(hardeningView) })
export type HardeningList = z.infer<typeof hardeningList>

export const hardeningChange = z.strictObject({
  action: z.enum(['apply', 'restore']).describe('`restore` takes back what `apply` changed, to the byte.'),
})
export type HardeningChange = z.infer<typeof hardeningChange>

export const doctorRequest = z.strictObject({
  jail: z.string().regex(JAIL_NAME).optional().describe('Only this jail; absent: all that run.'),
})
export type DoctorRequest = z.infer<typeof doctorRequest>

/** The answer to POST /nodes/{node}/doctor. */
export const doctorView = z.object({
  at: epochMs,
  jails: z.array(
    z.object({
      jail: z.string(),
      source: z.string().nullable(),
      verdict: z.enum(['alive', 'partly', 'broken']),
      ip: z.string().nullable().describe('An address of the documentation ranges, which stood in the line.'),
      line: z.string().nullable(),
      hops: z.array(
        z.object({
          hop: z.enum(['write', 'read', 'match', 'decision', 'firewall', 'link', 'history']),
          state: z.enum(['ok', 'broken', 'skipped']),
          ms: z.number().nullable(),
          said: z.string(),
        }),
      ),
    }),
  ),
  findings: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['fine', 'found', 'unread']),
      severity: z.enum(['broken', 'warning']),
      title: z.string(),
      cause: z.string(),
      remedy: z.string(),
    }),
  ),
})
export type DoctorView = z.infer<typeof doctorView>

export const logQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LOG_LIMIT).default(LOG_LIMIT).describe('How many lines at most.'),
})

/** GET /nodes/{node}/log: what the agent logged itself, oldest first. */
export const logView = z.object({
  lines: z.array(
    z.object({
      at: epochMs,
      level: z.enum(['debug', 'info', 'warn', 'error']),
      part: z.string().nullable().describe('The part of the agent; null: the agent as a whole.'),
      text: z.string(),
    }),
  ),
})
export type LogView = z.infer<typeof logView>

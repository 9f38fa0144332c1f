import * as z from 'zod/mini'

/** What findings are called: part of paths of the API. */
export const FINDING_ID = /^[a-z][a-z0-9-]{0,39}$/

const sentence = z.string().check(z.maxLength(2_000))

/** One setting of a node that helps or hinders protection, as it was found. */
export const hardeningFinding = z.strictObject({
  id: z.string().check(z.regex(FINDING_ID)),
  /**
   * `fine`: nothing to do. `found`: something is amiss. `applied`: put right by us, can be taken back. `edited`: somebody
   * changed since what we had put right, so we leave it alone. `unread`: it could not be found out.
   */
  state: z.enum(['fine', 'found', 'applied', 'edited', 'unread']),
  severity: z.enum(['high', 'medium', 'low']),
  title: z.string().check(z.maxLength(200)),
  /** What was read, in words. */
  cause: sentence,
  /** What it leads to; empty where all is fine. */
  effect: sentence,
  /** What we would do about it; null: advice only. */
  fix: z.nullable(sentence),
  /** Commands that do it by hand. */
  byHand: z.array(sentence).check(z.maxLength(10)),
  /** How what we do is undone; null with advice. */
  undo: z.nullable(sentence),
})
export type HardeningFinding = z.infer<typeof hardeningFinding>

export const hardeningFindings = z.array(hardeningFinding).check(z.maxLength(50))

/** What can be done about a finding. */
export const hardeningAction = z.enum(['apply', 'restore'])
export type HardeningAction = z.infer<typeof hardeningAction>

/** One change that is asked of who may make it: the agent of its helper, one JSON object in a line. */
export const hardenRequest = z.strictObject({
  id: z.string().check(z.regex(FINDING_ID)),
  action: hardeningAction,
})
export type HardenRequest = z.infer<typeof hardenRequest>

/** What became of it. */
export const hardenOutcome = z.union([
  z.strictObject({ ok: z.literal(true), said: sentence }),
  z.strictObject({ ok: z.literal(false), message: sentence, remedy: sentence }),
])
export type HardenOutcome = z.infer<typeof hardenOutcome>

import * as z from 'zod'
import { SUSPENSION_DEFAULT_S, SUSPENSION_MOST_S } from '../words.ts'

/** POST /panic: lets nodes enforce nothing for a while. */
export const panicBody = z.strictObject({
  nodes: z.array(z.string().max(80)).min(1).max(200).optional().describe('Node names; without it all nodes.'),
  seconds: z
    .number()
    .int()
    .min(1)
    .max(SUSPENSION_MOST_S)
    .default(SUSPENSION_DEFAULT_S)
    .describe('For how long; a day at most.'),
  reason: z.string().max(500).optional(),
})
export type PanicBody = z.input<typeof panicBody>

/** DELETE /panic: lets them enforce again before the time is over. */
export const resumeQuery = z.strictObject({
  node: z.string().max(80).optional().describe('A node; without it all nodes.'),
})

/** What each node was told: at once, when it comes back, or (an agent of an older version) not at all. */
export const panicView = z.object({
  until: z.number().int().nullable(),
  nodes: z.array(z.object({ node: z.string(), state: z.enum(['sent', 'kept', 'too-old']) })),
})
export type PanicView = z.infer<typeof panicView>

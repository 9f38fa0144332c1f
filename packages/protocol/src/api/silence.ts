import * as z from 'zod'
import { topic } from './notifications.ts'
import { epochMs } from './page.ts'

/** For how long notifications are silenced when nobody says (s), and for how long at most. */
export const SILENCE_DEFAULT_S = 3_600
const SILENCE_MOST_S = 86_400

/** PUT /notifications/silence: holds notifications back for a while. */
export const silenceBody = z.strictObject({
  seconds: z.number().int().min(60).max(SILENCE_MOST_S).default(SILENCE_DEFAULT_S).describe('A day at most.'),
  critical: z
    .boolean()
    .default(true)
    .describe(
      'What is critical is told all the same. Say false for work that makes it expected, such as a restart.',
    ),
})
export type SilenceBody = z.input<typeof silenceBody>

/** GET /notifications/silence. */
export const silenceView = z.object({
  silence: z.nullable(
    z.object({
      from: epochMs,
      until: epochMs.describe('It ends by itself then, and what was held back is told.'),
      by: z.string(),
      critical: z.boolean().describe('What is critical is told all the same.'),
    }),
  ),
  held: z
    .array(z.object({ topic: z.union([topic, z.literal('other')]), count: z.number().int() }))
    .describe('What is held back so far, for all rules together, the most frequent first.'),
})
export type SilenceView = z.infer<typeof silenceView>

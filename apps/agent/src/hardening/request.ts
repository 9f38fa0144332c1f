import { hardenRequest } from '@warder/protocol'
import * as z from 'zod/mini'

/** A line that tells a jail's test apart from anything else: one line of text about an address of the documentation ranges. */
const marked = z
  .string()
  .check(
    z.maxLength(2_000),
    z.regex(/^[^\0-\x1f\x7f]+$/),
    z.regex(/(?<![\d.])(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}(?!\d)/),
  )

/** All that the helper does for the agent. */
export const helperRequest = z.discriminatedUnion('action', [
  z.strictObject({ ...hardenRequest.shape, action: z.literal('apply') }),
  z.strictObject({ ...hardenRequest.shape, action: z.literal('restore') }),
  /** Puts a marked line at the end of a log below /var/log. */
  z.strictObject({
    action: z.literal('append'),
    path: z.string().check(z.regex(/^\/var\/log\/[^\0]+$/), z.maxLength(4_096)),
    line: marked,
  }),
])
export type HelperRequest = z.infer<typeof helperRequest>

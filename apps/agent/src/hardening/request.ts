import { hardenRequest } from '@warder/protocol'
import * as z from 'zod/mini'
import { isComm, isService } from '../doctor/author.ts'

/** Of one line. */
const value = z.string().check(z.maxLength(2_000), z.regex(/^[^\0-\x08\x0a-\x1f\x7f]*$/))

/** A line that tells a jail's test apart from anything else: one line of text about an address of the documentation ranges. */
const marked = z
  .string()
  .check(
    z.maxLength(2_000),
    z.regex(/^[^\0-\x08\x0a-\x1f\x7f]+$/),
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
  /** Writes a marked entry to the journal as somebody else. */
  z.strictObject({
    action: z.literal('entry'),
    fields: z
      .record(z.string().check(z.regex(/^[A-Z][A-Z0-9_]{0,63}$/)), value)
      .check(
        z.refine((fields) => marked.safeParse(fields['MESSAGE']).success && Object.keys(fields).length <= 20),
      ),
    author: z.strictObject({
      uid: z.int().check(z.gte(0), z.lte(4_294_967_294)),
      unit: z.nullable(z.string().check(z.refine(isService))),
      comm: z.nullable(z.string().check(z.refine(isComm))),
    }),
  }),
])
export type HelperRequest = z.infer<typeof helperRequest>

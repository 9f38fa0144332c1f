import * as z from 'zod'
import { epochMs } from './page.ts'

/** How far back successful logins are told of (days). */
export const SUCCESS_DAYS = 7

/** Logins from an address, or from inside a subnet, that went well on nodes in the last seven days. */
export const successView = z.object({
  count: z.number().int(),
  lastAt: epochMs,
  users: z.array(z.string()).describe('As written in the log; a few of them, the newest first.'),
  jails: z.array(z.string()),
  nodes: z.array(z.string()),
})
export type SuccessView = z.infer<typeof successView>

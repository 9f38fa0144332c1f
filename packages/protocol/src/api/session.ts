import * as z from 'zod'
import { epochMs } from './page.ts'

export const operatorName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\u0000-\u001f\u007f]+$/)
export const password = z.string().min(10, 'at least 10 characters').max(512)

/** Who is at the dashboard, and what the dashboard must know before anyone is. */
export const sessionView = z.object({
  state: z.enum(['unclaimed', 'signed-out', 'signed-in']),
  operator: z.string().nullable(),
  /** The address the server sees, so that "your IP" can be shown. */
  address: z.string(),
  version: z.string(),
})
export type SessionView = z.infer<typeof sessionView>

export const claimBody = z.strictObject({ code: z.string().min(1).max(64), name: operatorName, password })
export const loginBody = z.strictObject({ name: z.string().max(64), password: z.string().max(512) })
export type ClaimBody = z.input<typeof claimBody>
export type LoginBody = z.input<typeof loginBody>

export const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: epochMs,
  createdBy: z.string(),
  expiresAt: epochMs.nullable(),
  lastUsedAt: epochMs.nullable(),
})
export type TokenView = z.infer<typeof tokenView>
/** GET /tokens: those that can still be used, newest first. */
export const tokensView = z.array(tokenView)

export const tokenBody = z.strictObject({
  name: z.string().trim().min(1).max(64),
  days: z
    .number()
    .int()
    .min(1)
    .max(3_650)
    .nullable()
    .default(90)
    .describe('Days until it expires; null: never.'),
})
export type TokenBody = z.input<typeof tokenBody>

/** `secret` is shown in this answer only. */
export const tokenCreated = tokenView.extend({ secret: z.string() })
export type TokenCreated = z.infer<typeof tokenCreated>

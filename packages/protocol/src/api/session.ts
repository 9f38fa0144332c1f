import * as z from 'zod'
import { operatorName, password } from './credentials.ts'
import { epochMs } from './page.ts'
import { role, scope } from './people.ts'

/** Who is at the dashboard, and what the dashboard must know before anyone is. */
export const sessionView = z.object({
  state: z.enum(['unclaimed', 'signed-out', 'signed-in']),
  operator: z.string().nullable(),
  role: role.nullable().describe('Null for a token, and for who is not signed in.'),
  scopes: z.array(scope).describe('What you may do.'),
  /** The address the server sees, so that "your IP" can be shown. */
  address: z.string(),
  version: z.string(),
  realms: z.array(z.string()).describe('The realms of Proxmox that people can sign in with.'),
})
export type SessionView = z.infer<typeof sessionView>

export const claimBody = z.strictObject({ code: z.string().min(1).max(64), name: operatorName, password })
export const loginBody = z.strictObject({
  name: z.string().max(64),
  password: z.string().max(512),
  code: z
    .string()
    .max(64)
    .optional()
    .describe('A code of the second factor, or a recovery code. Asked for by `login.code-needed`.'),
  realm: z.string().max(32).optional().describe('A realm of Proxmox; without it an account of this server.'),
})
export type ClaimBody = z.input<typeof claimBody>
export type LoginBody = z.input<typeof loginBody>

export const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: epochMs,
  createdBy: z.string(),
  scopes: z.array(scope),
  expiresAt: epochMs.nullable(),
  lastUsedAt: epochMs.nullable(),
})
export type TokenView = z.infer<typeof tokenView>
/** GET /tokens: those that can still be used, newest first; of everybody for admins, else one's own. */
export const tokensView = z.array(tokenView)

export const tokenBody = z.strictObject({
  name: z.string().trim().min(1).max(64),
  scopes: z
    .array(scope)
    .min(1)
    .max(5)
    .default(['read'])
    .describe('What it may do: never more than who creates it. `admin` has all others in it.'),
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

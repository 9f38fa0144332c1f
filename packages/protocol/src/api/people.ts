import * as z from 'zod'
import { ROLES, SCOPES } from '../words.ts'
import { operatorName, password } from './credentials.ts'
import { epochMs } from './page.ts'

export const role = z
  .enum(ROLES)
  .describe('`viewer` looks, `operator` bans, unbans and tunes, `admin` does everything.')
export type Role = z.infer<typeof role>

export const scope = z.enum(SCOPES)
export type Scope = z.infer<typeof scope>

/** What each role may do. */
export const SCOPES_OF: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read'],
  operator: ['read', 'unban', 'ban', 'tune'],
  admin: SCOPES,
}

/** Who says that somebody is who they are: null is this server. */
export const realm = z.enum(['proxmox']).nullable()

/** An account as admins see it. */
export const accountView = z.object({
  id: z.number().int(),
  name: z.string(),
  role,
  realm,
  state: z
    .enum(['active', 'invited', 'disabled'])
    .describe('`invited`: no password was chosen yet; `disabled`: cannot sign in, and no token works.'),
  totp: z
    .boolean()
    .describe('Whether a second factor is asked for. Of Proxmox accounts Proxmox asks for it.'),
  createdAt: epochMs,
  signedInAt: epochMs.nullable(),
  invitedUntil: epochMs.nullable().describe('Until when an invitation can be used.'),
})
export type AccountView = z.infer<typeof accountView>
/** GET /accounts: all, by name. */
export const accountsView = z.array(accountView)

export const accountBody = z.strictObject({ name: operatorName, role })
export type AccountBody = z.input<typeof accountBody>
export const accountChange = z.strictObject({ role: role.optional(), disabled: z.boolean().optional() })
export type AccountChange = z.input<typeof accountChange>

/** A link that somebody chooses their password with. `code` is in this answer only. */
export const invitationView = z.object({
  account: accountView,
  code: z
    .string()
    .describe('The link is `/invitation#<code>` at the address of the dashboard. It works once.'),
  expiresAt: epochMs,
})
export type InvitationView = z.infer<typeof invitationView>

/** POST /invitation: somebody who was invited chooses their password. */
export const invitationBody = z.strictObject({ code: z.string().min(1).max(128), password })
export type InvitationBody = z.input<typeof invitationBody>

/** One's own account. */
export const ownAccountView = z.object({
  name: z.string(),
  role,
  realm,
  createdAt: epochMs,
  totp: z.boolean(),
  recoveryCodes: z.number().int().describe('How many recovery codes are left.'),
})
export type OwnAccountView = z.infer<typeof ownAccountView>

const said = z.string().max(512)
export const passwordChange = z.strictObject({ current: said, password })
export type PasswordChange = z.input<typeof passwordChange>

export const sessionRow = z.object({
  id: z.string(),
  address: z.string(),
  agent: z.string().describe('What the browser calls itself.'),
  createdAt: epochMs,
  usedAt: epochMs,
  endsAt: epochMs,
  current: z.boolean(),
})
export type SessionRowView = z.infer<typeof sessionRow>
/** GET /account/sessions: one's own, latest used first. */
export const sessionsView = z.array(sessionRow)

/** What has to be said once more before something that a stolen session must not do. */
export const againBody = z.strictObject({ password: said })
export type AgainBody = z.input<typeof againBody>

/** A second factor that is not confirmed yet. `uri` is what a QR code holds. */
export const totpOffer = z.object({
  secret: z.string().describe('The key in base32, to be typed where no camera is.'),
  uri: z.string(),
})
export type TotpOffer = z.infer<typeof totpOffer>
export const totpConfirm = z.strictObject({ code: z.string().min(1).max(32) })
export type TotpConfirm = z.input<typeof totpConfirm>

/** Each works once, in the place of a code. They are in this answer only. */
export const recoveryCodes = z.object({ codes: z.array(z.string()) })
export type RecoveryCodes = z.infer<typeof recoveryCodes>

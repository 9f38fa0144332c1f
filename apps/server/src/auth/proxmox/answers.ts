import type { Role } from '@warder/protocol/api'
import * as z from 'zod'

/** What Proxmox answers to `POST /access/ticket`, as far as we look at it. */
export const ticketAnswer = z.object({
  data: z.object({
    username: z.string().min(3).max(200),
    ticket: z.string().min(1).max(16_384),
    // Perl's booleans are numbers, and numbers may be texts.
    NeedTFA: z.union([z.number(), z.string(), z.boolean()]).optional(),
  }),
})

/** What it answers to `GET /access/permissions`: by path, which privileges somebody has there. */
export const permissionsAnswer = z.object({
  data: z.record(z.string(), z.record(z.string(), z.unknown())),
})
type Permissions = z.infer<typeof permissionsAnswer>['data']

/** A second factor of Proxmox that can be used from elsewhere. Security keys are bound to its own address. */
export type Factor = 'totp' | 'recovery' | 'yubico'

/** Which of them the challenge in a ticket (`PVE:!tfa!…:time::signature`) leaves open. */
export function factorsOf(ticket: string): readonly Factor[] {
  const text = /^PVE:!tfa!(.*?):[0-9A-Fa-f]+::/s.exec(ticket)?.[1]
  if (text === undefined) return []
  let challenge: unknown
  try {
    challenge = JSON.parse(decodeURIComponent(text))
  } catch {
    return []
  }
  const open = z
    .object({ totp: z.unknown(), recovery: z.unknown(), yubico: z.unknown() })
    .partial()
    .safeParse(challenge)
  if (!open.success) return []
  const { totp, recovery, yubico } = open.data
  return [
    ...(totp === true || totp === 1 ? (['totp'] as const) : []),
    // Which keys are left, by number; older ones say how many there are in a word.
    ...((Array.isArray(recovery) ? recovery.length > 0 : recovery !== undefined && recovery !== null)
      ? (['recovery'] as const)
      : []),
    ...(yubico === true || yubico === 1 ? (['yubico'] as const) : []),
  ]
}

/** What somebody typed → what Proxmox wants to hear: `totp:123456`; null when no factor of theirs looks like that. */
export function answerFor(code: string, factors: readonly Factor[]): string | null {
  const tidy = code.trim()
  const form: Factor = /^\d[\d ]{4,8}\d$/.test(tidy)
    ? 'totp'
    : /^[cbdefghijklnrtuv]{44}$/.test(tidy)
      ? 'yubico'
      : 'recovery'
  if (!factors.includes(form)) return null
  return `${form}:${form === 'totp' ? tidy.replaceAll(' ', '') : tidy}`
}

/**
 * What somebody may do here, by what they may do there; null: nothing. Rights on single nodes do not count, since
 * whoever is let in sees and changes the whole fleet.
 */
export function roleOf(permissions: Permissions): Role | null {
  const has = (path: string, privilege: string): boolean => {
    const found = permissions[path]
    return found !== undefined && privilege in found
  }
  if (has('/', 'Sys.Modify')) return 'admin'
  if (has('/nodes', 'Sys.Modify')) return 'operator'
  return has('/', 'Sys.Audit') ? 'viewer' : null
}

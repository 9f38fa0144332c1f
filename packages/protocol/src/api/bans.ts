import * as z from 'zod'
import { sharedFrom, ticketSchema } from '../event.ts'
import { confirm } from './lists.ts'
import { epochMs, exportForm, page, pageQuery, target } from './page.ts'
import { place } from './place.ts'
import { successView } from './successes.ts'

/** One ban of one node and jail, active or past. */
export const banView = z.object({
  id: z.number().int(),
  node: z.string(),
  jail: z.string(),
  ip: z.string(),
  at: epochMs,
  until: epochMs.nullable(),
  active: z.boolean(),
  endedAt: epochMs.nullable(),
  ended: z.enum(['expired', 'lifted']).nullable(),
  endedBy: z.string().nullable(),
  origin: z.enum(['detected', 'operator', 'shared', 'list']),
  by: z.string().nullable(),
  reason: z.string().nullable(),
  ticket: z.nullable(ticketSchema),
  /** Where a shared ban comes from; null for those that the node made itself. */
  from: z.nullable(sharedFrom),
  /** Where the address is at home; null where it is not known. */
  place: z.nullable(place).optional(),
  /** One sentence: why it is banned. */
  why: z.string(),
  /**
   * Whether the node's firewall itself said that it holds the ban, or that it does not. Null: it was not asked since, or
   * the ban is over.
   */
  enforced: z.boolean().nullable(),
})
export type BanView = z.infer<typeof banView>
export const banPage = page(banView)
export type BanPage = z.infer<typeof banPage>

const flag = z.enum(['true', 'false', '1', '0']).transform((v) => v === 'true' || v === '1')

const bansFilter = {
  ip: z
    .string()
    .max(49)
    .optional()
    .describe('An address: bans of it and of subnets that contain it. A subnet: all inside.'),
  search: z.string().max(64).optional().describe('Part of an address, jail, node or user.'),
  q: z
    .string()
    .max(200)
    .optional()
    .describe(
      'Words in addresses, jails, nodes, users, reasons and log lines of the evidence; all must be there. "quotes" hold a phrase together, `192.0.2.*` finds what begins so.',
    ),
  node: z.string().max(80).optional(),
  jail: z.string().max(64).optional(),
  active: flag.optional(),
}
export const bansQuery = z.strictObject({ ...bansFilter, ...pageQuery })
/** GET /bans/export. */
export const bansExportQuery = z.strictObject({ format: exportForm, ...bansFilter })

export const banBody = z.strictObject({
  ip: target,
  jail: z.string().max(64).optional().describe('Ban only its ports; without it all ports are banned.'),
  nodes: z.array(z.string().max(80)).min(1).max(200).optional().describe('Node names; without it all nodes.'),
  bantime: z
    .number()
    .int()
    .min(-1)
    .max(10 * 365 * 86_400)
    .optional()
    .describe("Seconds, -1 for ever; without it the jail's own, or one hour without a jail."),
  reason: z.string().max(500).optional(),
  confirm,
})
export type BanBody = z.input<typeof banBody>

export const unbanQuery = z.strictObject({
  node: z.string().max(80).optional(),
  jail: z.string().max(64).optional(),
})
export const unbanBody = z.strictObject({
  ips: z.array(target).min(1).max(1_000),
  node: z.string().max(80).optional(),
  jail: z.string().max(64).optional(),
  reason: z.string().max(500).optional(),
})
export type UnbanBody = z.input<typeof unbanBody>

/** What became of an order: sent to the nodes that are online, kept for those that are not. */
export const orderedView = z.object({
  ips: z.array(z.string()),
  orders: z.array(
    z.object({
      id: z.string(),
      node: z.string(),
      ip: z.string().describe('Empty where the order is for many.'),
      state: z.enum(['sent', 'kept']),
    }),
  ),
  /** How many active bans are concerned, as far as history knows. */
  bans: z.number().int(),
})
export type OrderedView = z.infer<typeof orderedView>

/** POST /bans. */
export const bannedView = orderedView.extend({
  successes: successView.nullable().describe('Logins from there that went well: perhaps it is one of yours.'),
})
export type BannedView = z.infer<typeof bannedView>

import * as z from 'zod'
import { nodeEvent } from '../event.ts'
import { epochMs, exportForm, page, pageQuery } from './page.ts'
import { place } from './place.ts'
import { successView } from './successes.ts'

/** An event in history. `seq` is the server's own number, without a relation to the agent's. */
export const eventView = z.object({ seq: z.number().int(), node: z.string(), at: epochMs, event: nodeEvent })
export type EventView = z.infer<typeof eventView>
export const eventPage = page(eventView)
export type EventPage = z.infer<typeof eventPage>

const eventsFilter = {
  node: z.string().max(80).optional(),
  jail: z.string().max(64).optional(),
  ip: z.string().max(49).optional(),
  kind: z.string().max(200).optional().describe('One kind, or several joined by commas.'),
}
export const eventsQuery = z.strictObject({
  ...eventsFilter,
  q: z
    .string()
    .max(200)
    .optional()
    .describe(
      'Words in log lines, names and reasons; all must be there. "quotes" hold a phrase together, `192.0.2.*` finds what begins so. New events are found after a moment; what came last is first.',
    ),
  ...pageQuery,
})
/** GET /events/export. */
export const eventsExportQuery = z.strictObject({ format: exportForm, ...eventsFilter })

/** How far back counts are asked for. */
export const spanQuery = z.strictObject({
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(24 * 366)
    .default(24),
})
const counted = { failures: z.number().int(), bans: z.number().int() }
export const addressesQuery = spanQuery.extend({ limit: z.coerce.number().int().min(1).max(100).default(20) })
export const addressesView = z.object({
  from: epochMs,
  rows: z.array(z.object({ ip: z.string(), ...counted, place: z.nullable(place) })),
})
export type AddressesView = z.infer<typeof addressesView>
export const addressView = z.object({
  ip: z.string(),
  place: z.nullable(place),
  successes: successView.nullable(),
  spanMs: z.number().int(),
  spans: z.array(z.object({ at: epochMs, ...counted })),
})
export type AddressView = z.infer<typeof addressView>
export const countriesView = z.object({
  from: epochMs,
  rows: z.array(z.object({ country: z.string(), ...counted })),
})
export type CountriesView = z.infer<typeof countriesView>

/** One bucket of the timeline. */
export const timelineBucket = z.object({
  at: epochMs,
  node: z.string(),
  failures: z.number().int(),
  bans: z.number().int(),
})
export const timelineQuery = z.strictObject({
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(24 * 31)
    .default(24),
})
export const timelineView = z.object({
  from: epochMs,
  to: epochMs,
  bucketMs: z.number().int(),
  buckets: z.array(timelineBucket),
})
export type TimelineView = z.infer<typeof timelineView>

/** The numbers at the top of the overview. */
export const overviewView = z.object({
  activeBans: z.number().int(),
  /** Distinct addresses of the active bans. */
  bannedAddresses: z.number().int(),
  failuresLastMinute: z.number().int(),
  failuresLastHour: z.number().int(),
  failuresLastDay: z.number().int(),
  bansToday: z.number().int(),
  nodesOnline: z.number().int(),
  nodes: z.number().int(),
  lastMatchAt: epochMs.nullable(),
  lastMatchNode: z.string().nullable(),
  lastMatchJail: z.string().nullable(),
})
export type OverviewView = z.infer<typeof overviewView>

export const auditView = z.object({
  id: z.number().int(),
  at: epochMs,
  actor: z.string(),
  address: z.string(),
  action: z.string(),
  target: z.string(),
  before: z.unknown().nullable(),
  after: z.unknown().nullable(),
})
export type AuditView = z.infer<typeof auditView>
export const auditPage = page(auditView)
export type AuditPage = z.infer<typeof auditPage>
export const auditQuery = z.strictObject({ ...pageQuery })

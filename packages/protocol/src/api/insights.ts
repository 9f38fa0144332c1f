import * as z from 'zod'
import { epochMs } from './page.ts'
import { place } from './place.ts'

const moment = z.coerce.number().int().min(0).max(8_640_000_000_000_000)

/** GET /insights. The range is widened to whole minutes, or hours and days where those are not kept any more. */
export const insightsQuery = z.strictObject({
  from: moment.describe('Milliseconds since 1970-01-01 UTC.'),
  to: moment.describe('The end, which is not in it.'),
  limit: z.coerce.number().int().min(1).max(100).default(10).describe('How many rows of each table at most.'),
})

const counted = { failures: z.number().int(), bans: z.number().int() }
const named = z.array(z.object({ name: z.string(), ...counted }))

export const insightsView = z.object({
  /** The range that was counted. */
  from: epochMs,
  to: epochMs,
  ...counted,
  nodes: named,
  jails: named,
  /** Addresses, countries and networks are counted by the hour for two days, by the day (UTC) behind that. */
  wide: z.object({ from: epochMs, to: epochMs }),
  countries: named.describe('`name` is a code of two letters, empty where it is not known.'),
  addresses: z.array(z.object({ ip: z.string(), ...counted, place: z.nullable(place) })),
  networks: z.object({
    rows: z.array(z.object({ asn: z.number().int(), network: z.string().nullable(), ...counted })),
    of: z.number().int().describe('Of so many of the largest addresses; the others are not looked at.'),
  }),
  users: z.object({
    rows: z.array(z.object({ name: z.string(), failures: z.number().int() })),
    of: z.number().int().describe('Of so many of the last failures of the range.'),
  }),
})
export type InsightsView = z.infer<typeof insightsView>

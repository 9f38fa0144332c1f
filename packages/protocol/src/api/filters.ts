import * as z from 'zod'
import { JAIL_NAME } from '../event.ts'
import { LINES_LIMIT } from '../link/question.ts'
import { epochMs } from './page.ts'

/** A filter as a node runs it: fail2ban's expressions with their tags, everything they refer to put in. */
export const filterView = z.object({
  name: z.string(),
  jails: z.array(z.string()).describe('The jails that use exactly this one.'),
  prefregex: z.string().nullable(),
  failregex: z.array(z.string()),
  ignoreregex: z.array(z.string()),
  datepattern: z.string().nullable(),
  maxlines: z.number().int().describe('So many lines are read together.'),
})
export type FilterView = z.infer<typeof filterView>

/** GET /nodes/{node}/filters: those in use first. */
export const filtersView = z.object({
  filters: z.array(filterView),
  cut: z.boolean().describe('Whether some were left out for their size.'),
})
export type FiltersView = z.infer<typeof filtersView>

export const linesQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LINES_LIMIT).default(200).describe('How many lines at most.'),
  jail: z.string().regex(JAIL_NAME).optional().describe('Of the journal: only entries that this jail reads.'),
})

export const sourceLine = z.object({
  text: z.string().describe('As written: attackers write logs.'),
  writtenAt: epochMs.nullable(),
})
export type SourceLine = z.infer<typeof sourceLine>

/** GET /nodes/{node}/sources/{source}/lines: oldest first. */
export const linesView = z.object({
  lines: z.array(sourceLine),
  zone: z.number().int().describe('How far the node’s local time is ahead of UTC, in minutes.'),
  cut: z.boolean().describe('Whether older lines were left out for their size.'),
})
export type LinesView = z.infer<typeof linesView>

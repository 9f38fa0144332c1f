import * as z from 'zod'

/** Most rows of one page. */
export const PAGE_LIMIT = 500

/** The query of a list: how many, and from where. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT).default(100).describe('How many rows at most.'),
  cursor: z.string().max(200).optional().describe('`next` of the page before.'),
}

/** How an export is written. */
export const exportForm = z.enum(['ndjson', 'csv']).default('ndjson')

/** A page of a list; `next` is null on the last one. */
export const page = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), next: z.string().nullable(), total: z.number().int().optional() })

export const epochMs = z.number().int().describe('Milliseconds since 1970-01-01 UTC.')
export const seconds = z.number().int().describe('Seconds; -1 is for ever.')
export const target = z.string().min(2).max(49).describe('An address or a subnet.')

/** The form of every error answer. */
export const errorView = z.object({
  code: z.string().describe('One of a closed list, see docs/api.md.'),
  message: z.string().describe('What went wrong.'),
  remedy: z.string().describe('What to do.'),
})
export type ErrorView = z.infer<typeof errorView>

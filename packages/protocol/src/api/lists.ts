import { ORDER_LIMIT } from '@warder/core'
import * as z from 'zod'
import { LIST_NAME } from '../link/lists.ts'
import { IMPORT_LIMIT } from '../words.ts'
import { epochMs, page, pageQuery, target } from './page.ts'

const name = z.string().regex(LIST_NAME, 'letters, digits, _ . - (at most 64)')
const note = z.string().trim().max(500)
const hours = z.number().int().min(1).max(720).describe('How often it is fetched, in hours.')
const url = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .describe('Where the server fetches it, http or https.')

export const misread = z.object({ line: z.number().int(), text: z.string() })

/** Where a list is fetched from, and how that went. */
export const listSource = z.object({
  url: z.string(),
  hours: z.number().int(),
  /** The last try, and the last that worked. */
  triedAt: epochMs.nullable(),
  fetchedAt: epochMs.nullable(),
  trouble: z.string().nullable().describe('Why the last try failed; what was fetched before stays.'),
  bad: z.number().int().describe('How many words of it are no address.'),
  misread: z.array(misread).describe('The first of them.'),
})

export const listView = z.object({
  name: z.string(),
  kind: z.enum(['allow', 'deny']),
  note: z.string(),
  entries: z.number().int(),
  createdAt: epochMs,
  createdBy: z.string(),
  changedAt: epochMs,
  changedBy: z.string(),
  source: listSource.nullable(),
})
export type ListView = z.infer<typeof listView>

/** How a node stands to the lists. */
export const listsNode = z.object({
  node: z.string(),
  state: z.enum(['applied', 'pending', 'old']).describe('`old`: its agent knows no lists.'),
  refused: z.number().int().describe('Entries of deny lists that are never banned there.'),
})

/** GET /lists */
export const listsView = z.object({
  revision: z.number().int(),
  lists: z.array(listView),
  nodes: z.array(listsNode),
})
export type ListsView = z.infer<typeof listsView>

export const listBody = z.strictObject({
  name,
  kind: z.enum(['allow', 'deny']),
  note: note.default(''),
  url: url.optional(),
  hours: hours.default(24),
})
export type ListBody = z.input<typeof listBody>

/** What is named is changed; `url` null: it is not fetched any more, its entries stay. */
export const listChange = z.strictObject({
  note: note.optional(),
  url: url.nullable().optional(),
  hours: hours.optional(),
})
export type ListChange = z.input<typeof listChange>

export const listEntry = z.object({
  ip: z.string(),
  note: z.string(),
  until: epochMs.nullable(),
  addedAt: epochMs,
  addedBy: z.string(),
  fetched: z
    .boolean()
    .describe('Whether it came from the URL of the list, and goes when it is no longer there.'),
})
export type ListEntry = z.infer<typeof listEntry>
export const listEntryPage = page(listEntry)
export type ListEntryPage = z.infer<typeof listEntryPage>
export const listEntriesQuery = z.strictObject({
  search: z
    .string()
    .max(64)
    .optional()
    .describe('An address: what contains it. Else a part of an address or note.'),
  ...pageQuery,
})

/** The address of whoever asks, typed: do it although it shuts them out. */
export const confirm = z
  .string()
  .max(49)
  .optional()
  .describe('Your own address, where you mean to shut it out all the same.')

const seconds = z
  .number()
  .int()
  .min(60)
  .max(10 * 365 * 86_400)

export const listEntryBody = z.strictObject({
  ip: target,
  note: note.default(''),
  for: seconds.nullable().default(null).describe('Seconds until it ends; null: without an end.'),
  confirm,
})
export type ListEntryBody = z.input<typeof listEntryBody>

export const importBody = z.strictObject({
  text: z
    .string()
    .max(IMPORT_LIMIT)
    .describe('An entry a line; the first column counts. `#` and `;` begin a remark.'),
  mode: z.enum(['add', 'replace']).default('add').describe('`replace`: what the text does not name goes.'),
  note: note.default(''),
  for: seconds.nullable().default(null),
  confirm,
})
export type ImportBody = z.input<typeof importBody>

/** What became of a text or a fetch. */
export const importedView = z.object({
  added: z.number().int(),
  removed: z.number().int(),
  kept: z.number().int(),
  duplicates: z.number().int(),
  bad: z.number().int(),
  misread: z.array(misread),
})
export type ImportedView = z.infer<typeof importedView>

/** Let an address alone for a while. */
export const allowBody = z.strictObject({
  ip: target,
  note: note.default(''),
  for: seconds.default(86_400).describe('Seconds.'),
})
export type AllowBody = z.input<typeof allowBody>

export const bulkBody = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ban'),
    ips: z.array(z.string().max(64)).min(1).max(ORDER_LIMIT),
    jail: z.string().max(64).optional(),
    nodes: z.array(z.string().max(80)).min(1).max(200).optional(),
    bantime: z
      .number()
      .int()
      .min(-1)
      .max(10 * 365 * 86_400)
      .optional(),
    reason: z.string().max(500).optional(),
    confirm,
  }),
  z.strictObject({
    kind: z.literal('lift'),
    ips: z.array(z.string().max(64)).min(1).max(ORDER_LIMIT),
    jail: z.string().max(64).optional(),
    nodes: z.array(z.string().max(80)).min(1).max(200).optional(),
    reason: z.string().max(500).optional(),
  }),
])
export type BulkBody = z.input<typeof bulkBody>

/** An order for many, and how far each node is with it. */
export const bulkView = z.object({
  id: z.string(),
  kind: z.enum(['ban', 'lift']),
  at: epochMs,
  by: z.string(),
  jail: z.string().nullable(),
  reason: z.string().nullable(),
  total: z.number().int(),
  nodes: z.array(
    z.object({
      node: z.string(),
      state: z
        .enum(['kept', 'sent', 'finished', 'stale'])
        .describe('`kept`: the node is away; `stale`: it was away for too long.'),
      changed: z.number().int().describe('Bans that were made or lifted so far.'),
      refused: z.number().int(),
    }),
  ),
  refused: z
    .array(z.object({ node: z.string(), ip: z.string(), reason: z.string() }))
    .describe('What was not banned and why, the first 500.'),
  undoOf: z.string().nullable(),
})
export type BulkView = z.infer<typeof bulkView>

/** The answer to an order for many: the order, and what of the request is not in it. */
export const bulkOrdered = z.object({
  order: bulkView,
  duplicates: z.number().int(),
  errors: z.array(z.object({ at: z.number().int().describe('Its place in `ips`, from 0.'), ip: z.string() })),
})
export type BulkOrdered = z.infer<typeof bulkOrdered>

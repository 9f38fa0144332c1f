import * as z from 'zod/mini'

/** Most entries of all deny lists together, and of all allow lists. */
export const DENY_LIMIT = 100_000
export const ALLOW_LIMIT = 10_000

/** Most lists. */
export const LISTS_LIMIT = 100

/** Most entries in one part, so that the longest ones fit into a frame of the link. */
export const PART_ENTRIES = 8_000

/** What a list is called: it is shown beside bans and is part of paths of the API. */
export const LIST_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/

const epochMs = z.int().check(z.gte(0))
const ip = z.string().check(z.minLength(2), z.maxLength(49))
const count = z.int().check(z.gte(0))
const stamp = z.string().check(z.maxLength(64))

/** A list as a node needs it: what is on it without an end, and what with one. */
export const nodeList = z.strictObject({
  kind: z.enum(['allow', 'deny']),
  name: z.string().check(z.regex(LIST_NAME)),
  targets: z.array(ip).check(z.maxLength(DENY_LIMIT)),
  ending: z.array(z.strictObject({ ip, until: epochMs })).check(z.maxLength(DENY_LIMIT)),
})
export type NodeList = z.infer<typeof nodeList>

/** All allow and deny lists as one numbered whole. `stamp` is new with every change, also after a backup came back. */
export const wantedLists = z.strictObject({
  revision: count,
  stamp,
  lists: z.array(nodeList).check(z.maxLength(LISTS_LIMIT)),
})
export type WantedLists = z.infer<typeof wantedLists>

/** A part of that whole, as a frame takes it. A list may go on in the next part. */
export const listsPart = z.strictObject({
  ...wantedLists.shape,
  /** Counted from 1. */
  part: z.int().check(z.gte(1), z.lte(1_000)),
  parts: z.int().check(z.gte(1), z.lte(1_000)),
})
export type ListsPart = z.infer<typeof listsPart>

/** What a node has of the lists, and what came of it. */
export const listsStatus = z.strictObject({
  revision: count,
  stamp,
  allow: count,
  deny: count,
  /** Entries of deny lists that are never banned on this node. */
  refused: count,
})
export type ListsStatus = z.infer<typeof listsStatus>

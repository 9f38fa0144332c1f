import * as z from 'zod'
import { eventView } from './events.ts'
import { jailView } from './jails.ts'
import { nodeView } from './nodes.ts'

/** Browser → server. First message: from where to resume; null: from now. */
export const liveUp = z.strictObject({ kind: z.literal('resume'), after: z.number().int().min(0).nullable() })
export type LiveUp = z.infer<typeof liveUp>

/** Most events that are replayed on a resume; behind that the browser is told to read anew. */
export const REPLAY_LIMIT = 2_000

/** Server → browser. */
export const liveDown = z.discriminatedUnion('kind', [
  /** First answer. `seq`: the newest event. `reset`: too far behind, read everything anew by REST. */
  z.strictObject({ kind: z.literal('hello'), seq: z.number().int(), reset: z.boolean() }),
  /** Facts in order of seq. */
  z.strictObject({ kind: z.literal('events'), events: z.array(eventView) }),
  /** A node changed its state or status; whole, replaces what was known. */
  z.strictObject({ kind: z.literal('node'), node: nodeView }),
  /** A node was removed. */
  z.strictObject({ kind: z.literal('node-removed'), name: z.string() }),
  /** The jails of a node changed; whole for that node. */
  z.strictObject({ kind: z.literal('jails'), node: z.string(), jails: z.array(jailView) }),
  /** The session ended (signed out, expired): show the login. */
  z.strictObject({ kind: z.literal('signed-out') }),
])
export type LiveDown = z.infer<typeof liveDown>

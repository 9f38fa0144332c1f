import type { EpochMs, Ticket } from '@warder/core'
import { FRAME_LIMIT_BYTES, SHARES_PER_MESSAGE, type Down, type Share } from '@warder/protocol'
import type { ShareRow } from './store.ts'

/** How much of the evidence travels along. */
const LINES = 5
const LINE_LENGTH = 500
const NODES = 50
/** A message holds no more, in characters; text of logs may take three bytes for one. */
const MESSAGE_LENGTH = FRAME_LIMIT_BYTES / 4

/** Evidence as it travels. */
const shortened = (ticket: Ticket): NonNullable<Share['ticket']> => ({
  ...ticket,
  users: [...ticket.users],
  lines: ticket.lines.slice(-LINES).map((line) => line.slice(0, LINE_LENGTH)),
})

const toShare = ({ id, ip, jail, at, until, body }: ShareRow): Share => ({
  id,
  ip,
  jail,
  at,
  until,
  nodes: body.nodes.slice(0, NODES),
  policy: body.policy,
  ...(body.ticket === undefined ? {} : { ticket: shortened(body.ticket) }),
})

/** Whether a node is to be told of a share: whoever made the ban itself has it. */
export const concerns = ({ body }: ShareRow, nodeId: number): boolean => !body.own.includes(nodeId)

/** Shares for one node, in as few messages as they fit into. */
export function toMessages(rows: readonly ShareRow[], at: EpochMs): readonly Down[] {
  const messages: Extract<Down, { kind: 'shares' }>[] = []
  let length = Infinity
  for (const share of rows.map(toShare)) {
    const size = JSON.stringify(share).length
    const last = messages.at(-1)
    if (last === undefined || length + size > MESSAGE_LENGTH || last.shares.length >= SHARES_PER_MESSAGE) {
      messages.push({ kind: 'shares', shares: [share], at })
      length = size
    } else {
      last.shares.push(share)
      length += size
    }
  }
  return messages
}

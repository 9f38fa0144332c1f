import { isBuiltInJail, parseTarget } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import type { bulkBody, BulkOrdered, BulkView } from '@warder/protocol/api'
import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import type { Transaction } from '../storage/transaction.ts'
import type { Roster } from '../link/roster.ts'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { Sharing } from '../sharing/sharing.ts'
import type { BulkRow, BulkStore } from './bulk-store.ts'
import { refuseLockout, type Requester } from './lockout.ts'
import { nodesFor } from './nodes-for.ts'
import type { BulkPart, OrderStore } from './order-store.ts'
import { manyOrder } from './order.ts'
import type { Orders } from './orders.ts'

/** Most refusals that are shown of one order. */
const REFUSALS_SHOWN = 500

export interface BulkParts {
  readonly clock: Clock
  readonly transaction: Transaction
  readonly bulk: BulkStore
  readonly orderRows: OrderStore
  readonly orders: Orders
  readonly roster: Roster
  readonly fleet: FleetNodes
  readonly sharing: Pick<Sharing, 'lift'>
  /** Somebody means to ban their own address. Called before the order is sent. */
  onOwn(address: string): void
}

type Wish = z.output<typeof bulkBody>

/** Texts → targets, each once, and what is none. */
export function sortOut(texts: readonly string[]) {
  const targets = new Set<string>()
  const errors: { at: number; ip: string }[] = []
  let duplicates = 0
  for (const [at, text] of texts.entries()) {
    const target = parseTarget(text.trim())
    if (target === null) errors.push({ at, ip: text })
    else if (targets.has(target)) duplicates++
    else targets.add(target)
  }
  return { targets: [...targets], errors, duplicates }
}

export type Bulk = ReturnType<typeof makeBulk>

/** Orders for many: one for the operator, one on each node, one transaction on both. */
export function makeBulk(parts: BulkParts) {
  const { clock, transaction, bulk, orderRows, orders, roster, fleet, sharing, onOwn } = parts
  const stateOf = ({ nodeId, finishedAt, keepUntil }: BulkPart): BulkView['nodes'][number]['state'] => {
    if (finishedAt !== null) return 'finished'
    if (keepUntil <= clock.now()) return 'stale'
    return roster.versionOf(nodeId) === null ? 'kept' : 'sent'
  }

  const viewOf = (row: BulkRow): BulkView => ({
    ...row,
    nodes: orderRows.partsOf(row.id).map((part) => ({
      node: part.node,
      state: stateOf(part),
      changed: part.done,
      refused: part.refused,
    })),
    refused: orderRows.refusalsOf(row.id, REFUSALS_SHOWN).map((each) => ({ ...each })),
  })

  /** @throws AppError order.unknown */
  const known = (id: string): BulkRow => {
    const row = bulk.byId(id)
    if (row === null) throw new AppError('order.unknown')
    return row
  }

  const give = (wish: Wish, targets: readonly string[], by: string, undoOf: string | null): BulkView => {
    const now = clock.now()
    const { kind, jail, reason } = wish
    const nodes =
      kind === 'ban'
        ? nodesFor(fleet, wish.nodes, jail)
        : (wish.nodes?.map((name) => fleet.known(name)) ?? fleet.all())
    const bantime = kind === 'ban' ? wish.bantime : undefined
    const draft = manyOrder(kind, targets, { jail, bantime }, { by, reason, now })
    const id = randomUUID()
    const meansAll = kind === 'lift' && wish.nodes === undefined
    const lift = { ips: targets, jail: jail ?? null, by, reason, issuedAt: now }
    const tellShares = meansAll ? sharing.lift(lift) : () => {}
    transaction(() => {
      bulk.add({ id, at: now, by, kind, jail: jail ?? null, reason: reason ?? null, undoOf }, targets)
      orders.issue([{ draft, nodes, bulkId: id }])
    })
    tellShares()
    return viewOf(known(id))
  }

  return {
    known: (id: string): BulkView => viewOf(known(id)),
    newest: (limit: number): readonly BulkView[] => bulk.newest(limit).map(viewOf),

    /**
     * Bans or lifts many. What is no address is told and left out.
     * @throws AppError input.invalid, ban.refused, ban.self, node.unknown, jail.unknown
     */
    order(wish: Wish, who: Requester): BulkOrdered {
      const { targets, errors, duplicates } = sortOut(wish.ips)
      if (targets.length === 0)
        throw new AppError('input.invalid', 'None of the entries is an address or a subnet.')
      if (wish.kind === 'ban' && refuseLockout(targets, who)) onOwn(who.address)
      return { order: give(wish, targets, who.by, null), errors, duplicates }
    },

    /** Takes an order to ban many back: lifts what it banned, where it did. @throws AppError order.unknown */
    undo(id: string, by: string): BulkView {
      const { jail, kind } = known(id)
      if (kind !== 'ban') throw new AppError('order.unknown', 'Only an order to ban can be taken back.')
      const nodes = orderRows.partsOf(id).map(({ node }) => node)
      const present = new Set(fleet.all().map(({ name }) => name))
      const wish = {
        kind: 'lift' as const,
        ips: [],
        // Bans of a jail's own are left alone: it was this order's that are meant.
        jail: jail === null || isBuiltInJail(jail) ? 'manual' : jail,
        nodes: nodes.filter((name) => present.has(name)),
      }
      return give(wish, bulk.targetsOf(id), by, id)
    },
  }
}

import type { EpochMs, NodeEvent } from '@warder/core'
import type { OrderStore } from '../bans/order-store.ts'
import { wholeOf } from '../bans/order.ts'
import type { BanPlace, BanStore, Ending } from '../bans/store.ts'
import type { ReportStore } from '../nodes/store.ts'
import type { SuccessStore } from '../successes/store.ts'
import type { AnswerStore } from '../tuning/answer-store.ts'

export interface ApplyParts {
  readonly bans: BanStore
  readonly orders: OrderStore
  readonly reports: ReportStore
  readonly answers: AnswerStore
  readonly successes: SuccessStore
  /** How far the clock of a node may be ahead: the times of its bans are by that. */
  mostAhead(node: { readonly id: number }): number
}

/** An event as it is written into history. */
export interface Fact {
  readonly nodeId: number
  readonly at: EpochMs
  readonly event: NodeEvent
}

export type Apply = (fact: Fact) => void

/** Makes what is known now follow the events: bans, answers to revisions, orders. Called inside a transaction. */
export function makeApply({ bans, orders, reports, answers, successes, mostAhead }: ApplyParts): Apply {
  const hold = (nodeId: number, event: Extract<NodeEvent, { kind: 'ban.added' | 'ban.extended' }>): void => {
    const open = bans.openAt({ nodeId, jail: event.ban.jail, ip: event.ban.ip })
    if (open === null) bans.add(nodeId, event.ban)
    else bans.renew(open, event.ban)
  }

  const end = (place: BanPlace, ending: Ending): void => {
    const open = bans.openAt(place)
    if (open !== null) bans.end(open, ending)
  }

  /** A node that finished a lift has none of the bans it was about, whatever history believed. */
  const settle = ({ nodeId, at }: Fact, id: string, changed: number): void => {
    const order = orders.byId(id, nodeId)
    orders.finish(id, { nodeId, at, changed })
    if (order?.kind !== 'lift' && order?.kind !== 'lift-many') return
    const ips = order.kind === 'lift-many' ? order.ips : order.ip === null ? [] : [order.ip]
    const issuedAt = order.issuedAt + mostAhead({ id: nodeId })
    for (const ban of ips.flatMap((ip) => bans.activeInside(ip, 0))) {
      const meant =
        ban.nodeId === nodeId && (order.jail === null || order.jail === ban.jail) && ban.madeAt <= issuedAt
      if (meant) bans.end(ban.id, { at, how: 'lifted', by: order.by })
    }
  }

  /** Counts what a node did of an order for many. */
  const count = (nodeId: number, event: NodeEvent): void => {
    if (!('order' in event) || event.order === undefined) return
    const id = wholeOf(event.order)
    if (event.kind === 'ban.refused') orders.refused(id, nodeId, event)
    else if (event.kind !== 'order.finished') orders.did(id, nodeId)
  }

  const answer = (
    { nodeId, at }: Fact,
    revision: number,
    said: { readonly state: 'applied' | 'refused'; readonly reason: string | null },
  ): void => {
    reports.saveAnswer({ nodeId, revision, ...said })
    answers.put(revision, nodeId, { at, ...said })
  }

  return (fact) => {
    const { nodeId, at, event } = fact
    count(nodeId, event)
    switch (event.kind) {
      case 'ban.added':
      case 'ban.extended':
        return hold(nodeId, event)
      case 'ban.lifted':
        return end({ nodeId, ...event }, { at, how: 'lifted', by: event.by })
      case 'ban.expired':
        return end({ nodeId, ...event }, { at, how: 'expired', by: null })
      case 'success.found':
        return successes.add(nodeId, at, event)
      case 'order.finished':
        return settle(fact, event.order, event.changed)
      case 'settings.applied':
        return answer(fact, event.revision, { state: 'applied', reason: null })
      case 'settings.refused':
        return answer(fact, event.revision, { state: 'refused', reason: event.reason })
    }
  }
}

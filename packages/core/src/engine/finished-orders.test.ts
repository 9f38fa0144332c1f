import { describe, expect, it } from 'vitest'
import type { Effect } from './effect.ts'
import { FinishedOrders } from './finished-orders.ts'

const answerOf = (order: string): Effect => ({
  kind: 'record',
  event: { kind: 'order.finished', order, changed: 1 },
})

describe('FinishedOrders', () => {
  it('knows the answer of an order', () => {
    const orders = new FinishedOrders()
    expect(orders.answerTo('o1')).toBeNull()
    orders.remember('o1', [
      { kind: 'record', event: { kind: 'source.regained', source: 'x' } },
      answerOf('o1'),
    ])
    expect(orders.answerTo('o1')).toEqual(answerOf('o1'))
  })

  it('knows nothing of an order without effects', () => {
    const orders = new FinishedOrders()
    orders.remember('o1', [])
    expect(orders.answerTo('o1')).toBeNull()
  })

  it('forgets the oldest of more than a thousand', () => {
    const orders = new FinishedOrders()
    for (let index = 0; index <= 1_000; index++) orders.remember(`o${index}`, [answerOf(`o${index}`)])
    expect(orders.answerTo('o0')).toBeNull()
    expect(orders.answerTo('o1')).not.toBeNull()
  })
})

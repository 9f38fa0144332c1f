import { AppError } from '@warder/protocol'
import {
  deliveriesQuery,
  deliveryPage,
  ruleBody,
  rulesView,
  ruleView,
  TOPICS,
  topicsView,
  type RuleWish,
  type Topic,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { Note } from '../audit/note.ts'
import type { App } from '../http/app.ts'
import { fromCursor, toPage } from '../http/cursor.ts'
import { ERROR_ANSWERS, NOTHING, pattern } from '../http/route.ts'
import { byId } from './channel-routes.ts'
import type { ChannelStore } from './channel-store.ts'
import type { DeliveryStore } from './delivery-store.ts'
import type { Rule } from './match.ts'
import type { Notifications } from './notifications.ts'
import type { RuleStore } from './rule-store.ts'

/** Most rules that a server keeps. */
const MOST = 100

export interface RuleParts {
  readonly channels: ChannelStore
  readonly rules: RuleStore
  readonly deliveries: DeliveryStore
  readonly notifications: Notifications
  readonly note: Note
}

/** /notifications/topics, /notifications/rules and /notifications/deliveries. */
export function ruleRoutes(app: App, parts: RuleParts): void {
  const { channels, rules, notifications, note } = parts

  const known = (id: number): Rule => {
    const rule = rules.all().find((one) => one.id === id)
    if (rule === undefined) throw new AppError('rule.unknown')
    return rule
  }
  const checked = (rule: RuleWish): RuleWish => {
    const there = channels.all().map(({ id }) => id)
    const unknown = rule.channels.filter((id) => !there.includes(id))
    if (unknown.length > 0)
      throw new AppError('channel.unknown', `There is no channel ${unknown.join(', ')}.`)
    return rule
  }
  /** What the audit calls a rule. */
  const targetOf = (id: number): string => `rule ${id}`

  app.get(
    PATHS.topics,
    {
      schema: {
        tags: ['notifications'],
        summary: 'What can be told',
        description: 'Every topic that a rule can name, how grave it is, and what it means.',
        response: { 200: topicsView, ...ERROR_ANSWERS },
      },
    },
    async () =>
      Object.entries(TOPICS).map(([topic, [severity, meaning]]) => ({
        topic: topic as Topic,
        severity,
        meaning,
      })),
  )

  app.get(
    PATHS.rules,
    {
      schema: {
        tags: ['notifications'],
        summary: 'List rules',
        description:
          'Who is told what, and how often. When several rules tell one channel of one thing, the first says how.',
        response: { 200: rulesView, ...ERROR_ANSWERS },
      },
    },
    async () => [...rules.all()],
  )

  app.post(
    PATHS.rules,
    {
      schema: {
        tags: ['notifications'],
        summary: 'Add a rule',
        description: 'It holds for what happens from now on.',
        body: ruleBody,
        response: { 200: ruleView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      if (rules.all().length >= MOST)
        throw new AppError('notifications.full', `There are ${MOST} rules already.`)
      const rule = checked(request.body)
      const id = rules.add(rule)
      notifications.desk.reload()
      note(request, { action: 'rule.create', target: targetOf(id), after: rule })
      return { id, ...rule }
    },
  )

  app.put(
    pattern(PATHS.rule(':id')),
    {
      schema: {
        tags: ['notifications'],
        summary: 'Change a rule',
        description: 'Takes the whole rule. What it has collected is told now.',
        params: byId,
        body: ruleBody,
        response: { 200: ruleView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const before = known(request.params.id)
      const rule = checked(request.body)
      rules.change({ id: before.id, ...rule })
      notifications.desk.reload(before.id)
      note(request, { action: 'rule.change', target: targetOf(before.id), before, after: rule })
      return { id: before.id, ...rule }
    },
  )

  app.delete(
    pattern(PATHS.rule(':id')),
    {
      schema: {
        tags: ['notifications'],
        summary: 'Remove a rule',
        description: 'What it has collected is not told.',
        params: byId,
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const before = known(request.params.id)
      rules.remove(before.id)
      notifications.desk.reload(before.id)
      note(request, { action: 'rule.remove', target: targetOf(before.id), before })
      return reply.code(204).send(null)
    },
  )

  app.get(
    PATHS.deliveries,
    {
      schema: {
        tags: ['notifications'],
        summary: 'The log of deliveries',
        description:
          'What was sent, what waits to be tried again and what failed, newest first; 30 days of it, at most 10,000.',
        querystring: deliveriesQuery,
        response: { 200: deliveryPage, ...ERROR_ANSWERS },
      },
    },
    async ({ query: { cursor, limit, ...filter } }) =>
      toPage(parts.deliveries.page(filter, fromCursor(cursor), limit + 1), limit, ({ at, id }) => ({
        at,
        id,
      })),
  )
}

import type { Clock } from '@warder/daemon'
import { AppError } from '@warder/protocol'
import {
  channelBody,
  channelsView,
  channelTested,
  channelView,
  type ChannelView,
  type ChannelWish,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import * as z from 'zod'
import type { Note } from '../audit/note.ts'
import type { Transaction } from '../storage/transaction.ts'
import type { App } from '../http/app.ts'
import { ERROR_ANSWERS, NOTHING, pattern } from '../http/route.ts'
import { channelOf, goesTo, lacking, samePlace, type Secrets } from './channel/kinds.ts'
import type { ChannelRow, ChannelStore, NewChannel } from './channel-store.ts'
import type { DeliveryStore } from './delivery-store.ts'
import { testNotification } from './notification.ts'
import type { Notifications } from './notifications.ts'
import type { RuleStore } from './rule-store.ts'

/** Most channels that a server keeps. */
const MOST = 50
export const byId = z.strictObject({ id: z.coerce.number().int().min(1) })

export interface ChannelParts {
  readonly clock: Clock
  readonly transaction: Transaction
  readonly channels: ChannelStore
  readonly rules: RuleStore
  readonly deliveries: DeliveryStore
  readonly notifications: Notifications
  readonly note: Note
}

/** Secrets that a request names. */
const given = (wish: ChannelWish): Secrets =>
  Object.fromEntries(Object.entries(wish.secrets).filter(([, value]) => value !== undefined)) as Secrets

/** A channel as it is written: what was asked for, with the kept secrets where they still go to the same place. */
function toWrite(wish: ChannelWish, kept: ChannelRow | null): NewChannel {
  const { kind, name, enabled, settings } = wish
  const stays = kept !== null && kept.kind === kind && samePlace(kind, kept.settings, settings)
  const secrets = { ...(stays ? kept.secrets : {}), ...given(wish) }
  const missing = lacking(kind, secrets)
  if (missing.length > 0)
    throw new AppError('channel.incomplete', `The channel lacks its ${missing.join(' and ')}.`)
  const forgotten = (kept?.secretNames ?? []).filter((secret) => !(secret in secrets))
  if (kept !== null && !stays && forgotten.length > 0)
    throw new AppError(
      'channel.incomplete',
      `Enter the ${forgotten.join(' and ')} again: the place it is sent to changes.`,
    )
  return { kind, name, enabled, settings, secrets }
}

/** /notifications/channels. */
export function channelRoutes(app: App, parts: ChannelParts): void {
  const { clock, transaction, channels, rules, deliveries, notifications, note } = parts

  const known = (id: number): ChannelRow => {
    const row = channels.byId(id)
    if (row === null) throw new AppError('channel.unknown')
    return row
  }
  const viewOf = (row: ChannelRow): ChannelView => {
    const { id, kind, name, enabled, settings, secretNames } = row
    const channel = channelOf(kind, settings, row.secrets ?? {})
    const last = deliveries.last(id)
    return {
      id,
      kind,
      name,
      enabled,
      settings: { ...settings },
      secrets: [...secretNames],
      goesTo: channel === null ? '' : goesTo(channel),
      last,
    }
  }
  /** What the audit may hold of a channel. */
  const audited = ({ kind, name, enabled, settings, secrets }: NewChannel) => ({
    kind,
    name,
    enabled,
    settings,
    secrets: Object.keys(secrets).join(', '),
  })
  const auditedRow = (row: ChannelRow) => ({
    ...audited({ ...row, secrets: {} }),
    secrets: row.secretNames.join(', '),
  })

  app.get(
    PATHS.channels,
    {
      schema: {
        tags: ['notifications'],
        summary: 'List channels',
        description: 'The ways to reach somebody, with their newest delivery. Secrets are never shown.',
        response: { 200: channelsView, ...ERROR_ANSWERS },
      },
    },
    async () => channels.all().map(viewOf),
  )

  app.post(
    PATHS.channels,
    {
      schema: {
        tags: ['notifications'],
        summary: 'Add a channel',
        description:
          'What each kind needs is in docs/notifications.md. Secrets are kept sealed and never shown again. Nothing is sent: test it afterwards.',
        body: channelBody,
        response: { 200: channelView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      if (channels.all().length >= MOST)
        throw new AppError('notifications.full', `There are ${MOST} channels already.`)
      const channel = toWrite(request.body, null)
      const id = channels.add(channel)
      note(request, { action: 'channel.create', target: channel.name, after: audited(channel) })
      return viewOf(known(id))
    },
  )

  app.put(
    pattern(PATHS.channel(':id')),
    {
      schema: {
        tags: ['notifications'],
        summary: 'Change a channel',
        description:
          'Takes the whole channel. Secrets that are left out stay as they are, but only where they go to the same place as before.',
        params: byId,
        body: channelBody,
        response: { 200: channelView, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const before = known(request.params.id)
      const channel = toWrite(request.body, before)
      channels.change(before.id, channel)
      note(request, {
        action: 'channel.change',
        target: channel.name,
        before: auditedRow(before),
        after: audited(channel),
      })
      return viewOf(known(before.id))
    },
  )

  app.delete(
    pattern(PATHS.channel(':id')),
    {
      schema: {
        tags: ['notifications'],
        summary: 'Remove a channel',
        description: 'Rules that tell it tell the others only. What waits for it is not sent.',
        params: byId,
        response: { 204: NOTHING, ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const row = known(request.params.id)
      transaction(() => {
        channels.remove(row.id)
        for (const rule of rules.all())
          if (rule.channels.includes(row.id))
            rules.change({ ...rule, channels: rule.channels.filter((id) => id !== row.id) })
      })
      notifications.desk.reload()
      note(request, { action: 'channel.remove', target: row.name, before: auditedRow(row) })
      return reply.code(204).send(null)
    },
  )

  app.post(
    pattern(PATHS.channelTest(':id')),
    {
      schema: {
        tags: ['notifications'],
        summary: 'Test a channel',
        description:
          'Sends a test message now, once, and says what became of it. A channel that is off is tested too.',
        params: byId,
        response: { 200: channelTested, ...ERROR_ANSWERS },
      },
    },
    async (request) => {
      const row = known(request.params.id)
      const at = clock.now()
      const notification = testNotification(row.name, at)
      const outcome = await notifications.courier.sendNow(row, { notification, id: `test-${request.id}` })
      const problem = outcome.ok ? null : `${outcome.message} ${outcome.remedy}`
      deliveries.note(row, notification, { state: outcome.ok ? 'sent' : 'failed', problem, at })
      note(request, { action: 'channel.test', target: row.name })
      return outcome.ok
        ? { ok: true, message: 'The message was taken.', remedy: null }
        : { ok: false, message: outcome.message, remedy: outcome.remedy }
    },
  )
}

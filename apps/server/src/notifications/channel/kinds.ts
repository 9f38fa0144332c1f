import { channelBody, type ChannelKind, type ChannelWish } from '@warder/protocol/api'
import type { Call, Occasion } from './call.ts'
import { discordCall } from './discord.ts'
import { gotifyCall } from './gotify.ts'
import { matrixCall } from './matrix.ts'
import { ntfyCall } from './ntfy.ts'
import { slackCall } from './slack.ts'
import { telegramCall } from './telegram.ts'
import { webhookCall } from './webhook.ts'

/** Settings as they are kept and shown, and secrets as they are kept. */
export type Settings = Readonly<Record<string, unknown>>
export type Secrets = Readonly<Record<string, string>>

/** Secrets without which a channel cannot be used. */
const NEEDED: Readonly<Record<ChannelKind, readonly string[]>> = {
  email: [],
  webhook: ['url'],
  ntfy: [],
  gotify: ['token'],
  telegram: ['token'],
  discord: ['url'],
  slack: ['url'],
  matrix: ['token'],
}
/** The settings that say where secrets are sent to: when one changes, kept secrets are not sent along. */
const PLACE: Readonly<Record<ChannelKind, readonly string[]>> = {
  email: ['host', 'port', 'security', 'user'],
  webhook: [],
  ntfy: ['server'],
  gotify: ['server'],
  telegram: ['server'],
  discord: [],
  slack: [],
  matrix: ['server'],
}

export const lacking = (kind: ChannelKind, secrets: Secrets): readonly string[] => [
  ...NEEDED[kind].filter((name) => secrets[name] === undefined),
]

/** Whether two sets of settings send to the same place. */
export const samePlace = (kind: ChannelKind, one: Settings, other: Settings): boolean =>
  PLACE[kind].every((name) => one[name] === other[name])

/** Kept settings and secrets → a channel whose shape was checked again: what is kept may be older than the code. */
export function channelOf(kind: ChannelKind, settings: Settings, secrets: Secrets): ChannelWish | null {
  const read = channelBody.safeParse({ kind, name: 'kept', settings, secrets })
  return read.success ? read.data : null
}

/** The request that tells something on a channel. Secrets that the kind needs must be there. */
export function callOf(channel: Exclude<ChannelWish, { kind: 'email' }>, occasion: Occasion): Call {
  const { secrets } = channel
  const need = (name: string): string => {
    const value: unknown = Reflect.get(secrets, name)
    if (typeof value !== 'string') throw new Error(`the ${name} of the channel is missing`)
    return value
  }
  switch (channel.kind) {
    case 'webhook':
      return webhookCall({ settings: {}, secrets: { ...channel.secrets, url: need('url') } }, occasion)
    case 'ntfy':
      return ntfyCall(channel, occasion)
    case 'gotify':
      return gotifyCall({ settings: channel.settings, secrets: { token: need('token') } }, occasion)
    case 'telegram':
      return telegramCall({ settings: channel.settings, secrets: { token: need('token') } }, occasion)
    case 'discord':
      return discordCall({ settings: {}, secrets: { url: need('url') } }, occasion)
    case 'slack':
      return slackCall({ settings: {}, secrets: { url: need('url') } }, occasion)
    case 'matrix':
      return matrixCall({ settings: channel.settings, secrets: { token: need('token') } }, occasion)
  }
}

const hostOf = (url: string | undefined): string =>
  url !== undefined && URL.canParse(url) ? new URL(url).host : 'an address'

/** Where a channel sends to, in short and without a secret. */
export function goesTo({ kind, settings, secrets }: ChannelWish): string {
  switch (kind) {
    case 'email':
      return settings.to.join(', ')
    case 'webhook':
    case 'discord':
    case 'slack':
      return hostOf(secrets.url)
    case 'ntfy':
      return `${settings.topic} on ${hostOf(settings.server)}`
    case 'gotify':
      return hostOf(settings.server)
    case 'telegram':
      return `chat ${settings.chat}`
    case 'matrix':
      return settings.room
  }
}

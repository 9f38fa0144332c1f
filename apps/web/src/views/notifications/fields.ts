import type { ChannelBody, ChannelView } from '@warder/protocol/api'
import { english, t } from '../../language/t.ts'

export type ChannelKind = ChannelView['kind']

/** One thing that a kind of channel has to be told. */
export interface Field {
  readonly key: string
  readonly label: string
  /** `secret`: kept by the server and never shown again. `list`: several, separated by commas. */
  readonly form: 'text' | 'secret' | 'number' | 'list' | 'security'
  readonly hint?: string
  readonly placeholder?: string
  readonly initial?: string
  readonly optional?: boolean
}

/** What a kind is called, and where what it needs is found. */
export interface Kind {
  readonly label: string
  readonly intro: string
  readonly fields: readonly Field[]
}

const secretUrl = (hint: string, placeholder: string): Field => ({
  key: 'url',
  label: english('Webhook address'),
  form: 'secret',
  hint,
  placeholder,
})

const KINDS: Readonly<Record<ChannelKind, Kind>> = {
  ntfy: {
    label: 'ntfy',
    intro: english('A push message to the ntfy app on your phone.'),
    fields: [
      { key: 'server', label: english('Server'), form: 'text', initial: 'https://ntfy.sh' },
      {
        key: 'topic',
        label: english('Topic'),
        form: 'text',
        hint: english('Whoever knows its name can read it on a public server: make it long.'),
      },
      { key: 'token', label: english('Access token'), form: 'secret', optional: true, placeholder: 'tk_…' },
    ],
  },
  gotify: {
    label: 'Gotify',
    intro: english('A push message through your own Gotify server.'),
    fields: [
      { key: 'server', label: english('Server'), form: 'text', placeholder: 'https://gotify.example.org' },
      {
        key: 'token',
        label: english('Application token'),
        form: 'secret',
        hint: english('Gotify: Apps, Create application.'),
      },
    ],
  },
  telegram: {
    label: 'Telegram',
    intro: english('A message from a bot of yours.'),
    fields: [
      {
        key: 'token',
        label: english('Bot token'),
        form: 'secret',
        hint: english('From @BotFather.'),
        placeholder: '123456:ABC-…',
      },
      {
        key: 'chat',
        label: english('Chat'),
        form: 'text',
        hint: english('A number, or @channelname. Write to the bot first: it cannot begin.'),
        placeholder: '-1001234567890',
      },
      { key: 'server', label: english('Server'), form: 'text', initial: 'https://api.telegram.org' },
    ],
  },
  email: {
    label: english('Mail'),
    intro: english('A mail through a server that takes mail from you.'),
    fields: [
      { key: 'host', label: english('Mail server'), form: 'text', placeholder: 'mail.example.org' },
      { key: 'security', label: english('Security'), form: 'security', initial: 'starttls' },
      { key: 'port', label: english('Port'), form: 'number', initial: '587' },
      {
        key: 'user',
        label: english('User'),
        form: 'text',
        optional: true,
        hint: english('Empty where the server wants none.'),
      },
      { key: 'password', label: english('Password'), form: 'secret', optional: true },
      {
        key: 'from',
        label: english('From|who sends a mail'),
        form: 'text',
        placeholder: 'warder@example.org',
      },
      {
        key: 'to',
        label: english('To|who gets a mail'),
        form: 'list',
        placeholder: 'ada@example.org, bob@example.org',
      },
    ],
  },
  discord: {
    label: 'Discord',
    intro: english('A message in a Discord channel.'),
    fields: [
      secretUrl(english('Channel settings, Integrations, Webhooks.'), 'https://discord.com/api/webhooks/…'),
    ],
  },
  slack: {
    label: 'Slack',
    intro: english('A message in a Slack channel; Mattermost and Rocket.Chat take the same.'),
    fields: [secretUrl(english('An app with incoming webhooks.'), 'https://hooks.slack.com/services/…')],
  },
  matrix: {
    label: 'Matrix',
    intro: english('A message in a room that is not encrypted.'),
    fields: [
      {
        key: 'server',
        label: english('Homeserver'),
        form: 'text',
        placeholder: 'https://matrix.example.org',
      },
      {
        key: 'room',
        label: english('Room id'),
        form: 'text',
        hint: english('Room settings, Advanced. The account must have joined it.'),
        placeholder: '!abc:example.org',
      },
      {
        key: 'token',
        label: english('Access token'),
        form: 'secret',
        hint: english('Of an account for Warder alone.'),
      },
    ],
  },
  webhook: {
    label: 'Webhook',
    intro: english('A call with JSON to whatever you like.'),
    fields: [
      { key: 'url', label: english('Address'), form: 'secret', placeholder: 'https://example.org/hook' },
      {
        key: 'secret',
        label: english('Secret'),
        form: 'secret',
        optional: true,
        hint: english('Signs every call, so that the other side knows who calls. 8 characters or more.'),
      },
    ],
  },
}
export const KIND_NAMES = Object.keys(KINDS) as ChannelKind[]

/** A kind with its fields, in the order in which they are asked for. */
export function kindOf(kind: ChannelKind): Kind {
  const { label, intro, fields } = KINDS[kind]
  return {
    label: t(label),
    intro: t(intro),
    fields: fields.map(({ hint, ...field }) => ({
      ...field,
      label: t(field.label),
      ...(hint === undefined ? {} : { hint: t(hint) }),
    })),
  }
}

/** What stands in the fields of a channel: a new one, or one that is changed. */
export function draftOf(kind: ChannelKind, channel: ChannelView | null): Record<string, string> {
  return Object.fromEntries(
    KINDS[kind].fields.map(({ key, form, initial = '' }) => {
      const value = channel?.settings[key]
      if (form === 'secret' || value === undefined) return [key, channel === null ? initial : '']
      return [key, Array.isArray(value) ? value.join(', ') : String(value)]
    }),
  )
}

/** The fields that are still to be filled in. A secret that the server keeps may stay empty. */
export const missingOf = (
  kind: ChannelKind,
  draft: Readonly<Record<string, string>>,
  kept: readonly string[],
): readonly string[] =>
  KINDS[kind].fields
    .filter(
      ({ key, optional = false }) => !optional && !kept.includes(key) && (draft[key] ?? '').trim() === '',
    )
    .map(({ label }) => t(label))

/** What was filled in → what is sent to the server; it checks the rest. */
export function bodyOf(
  kind: ChannelKind,
  { name, enabled }: { readonly name: string; readonly enabled: boolean },
  draft: Readonly<Record<string, string>>,
): ChannelBody {
  const settings: Record<string, unknown> = {}
  const secrets: Record<string, string> = {}
  for (const { key, form } of KINDS[kind].fields) {
    const value = (draft[key] ?? '').trim()
    if (form === 'secret') {
      if (value !== '') secrets[key] = value
    } else if (form === 'number') settings[key] = Number(value)
    else if (form === 'list') settings[key] = value.split(/[\s,;]+/).filter((one) => one !== '')
    else settings[key] = value
  }
  // The shape is that of its kind by the table above; the server checks it once more.
  return { kind, name: name.trim(), enabled, settings, secrets } as unknown as ChannelBody
}

/** A channel as it is, to be sent back with another switch. */
export const asBody = (channel: ChannelView, enabled: boolean): ChannelBody =>
  bodyOf(channel.kind, { name: channel.name, enabled }, draftOf(channel.kind, channel))

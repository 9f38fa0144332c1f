import * as z from 'zod'
import { epochMs } from './page.ts'

const name = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'must be one line')
/** What travels in a header: printable and without blanks. */
const key = z
  .string()
  .max(500)
  .regex(/^[\x21-\x7e]+$/, 'must be printable characters without blanks')

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, hostname } = new URL(text)
  return (protocol === 'https:' || protocol === 'http:') && username + password === '' && hostname !== ''
}
const url = z
  .string()
  .trim()
  .max(2_000)
  .refine(isAddress, 'must be a web address like https://host/path, without a name and password in it')
/** The web address of a server: what is asked of it is put behind. */
const serverUrl = url
  .refine((text) => !/[?#]/.test(text), 'must end before any ? or #')
  .transform((text) => text.replace(/\/+$/, ''))
const mailbox = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s<>"(),:;@[\\\]]+@[A-Za-z0-9.-]+$/, 'must be an address like warder@example.org')

/** What one kind of channel is told: `settings` are shown again, `secrets` never. Absent secrets stay as they are. */
const channel = <K extends string, S extends z.ZodRawShape, T extends z.ZodRawShape>(
  kind: K,
  settings: S,
  secrets: T,
) =>
  z.strictObject({
    kind: z.literal(kind),
    name,
    enabled: z.boolean().default(true),
    settings: z.strictObject(settings).prefault({} as never),
    secrets: z.strictObject(secrets).prefault({} as never),
  })

const email = channel(
  'email',
  {
    host: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9.:-]{1,253}$/, 'must be a host name or an address'),
    port: z.number().int().min(1).max(65_535).default(587),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe('`starttls` on 587, `tls` on 465; `none` sends everything readable.'),
    user: z.string().trim().max(254).default('').describe('Empty: without signing in.'),
    from: mailbox,
    to: z.array(mailbox).min(1).max(20),
  },
  { password: z.string().max(500).optional() },
)
const webhook = channel(
  'webhook',
  {},
  { url: url.optional(), secret: z.string().min(8).max(500).optional().describe('Signs every call.') },
)
const ntfy = channel(
  'ntfy',
  {
    server: serverUrl.default('https://ntfy.sh'),
    topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/, 'must be 1 to 64 letters, digits, - or _'),
  },
  { token: key.optional() },
)
const gotify = channel('gotify', { server: serverUrl }, { token: key.optional() })
const telegram = channel(
  'telegram',
  {
    server: serverUrl
      .default('https://api.telegram.org')
      .describe('Another one only for a Bot API server of your own.'),
    chat: z
      .string()
      .trim()
      .regex(/^(-?\d{1,20}|@\w{4,32})$/, 'must be a number like -1001234567890, or @channelname'),
  },
  {
    token: z
      .string()
      .max(100)
      .regex(/^\d{3,20}:[\w-]{10,80}$/, 'must look like 123456:ABC-def')
      .optional(),
  },
)
const discord = channel('discord', {}, { url: url.optional() })
const slack = channel('slack', {}, { url: url.optional() })
const matrix = channel(
  'matrix',
  {
    server: serverUrl,
    room: z
      .string()
      .trim()
      .max(255)
      .regex(/^![^\s/]+$/, 'must be the internal room id, which begins with !'),
  },
  { token: key.optional() },
)

/** A way to reach somebody. */
export const channelBody = z.discriminatedUnion('kind', [
  email,
  webhook,
  ntfy,
  gotify,
  telegram,
  discord,
  slack,
  matrix,
])
export type ChannelBody = z.input<typeof channelBody>
/** A channel as it was asked for, checked. */
export type ChannelWish = z.infer<typeof channelBody>
export type ChannelKind = ChannelWish['kind']
export const CHANNEL_KINDS = channelBody.options.map((option) => option.shape.kind.value)

export const deliveryState = z.enum(['waiting', 'sent', 'failed', 'dropped'])

export const channelView = z.object({
  id: z.number().int(),
  kind: z.enum(['email', 'webhook', 'ntfy', 'gotify', 'telegram', 'discord', 'slack', 'matrix']),
  name: z.string(),
  enabled: z.boolean(),
  settings: z.record(z.string(), z.unknown()).describe('As in the body, without secrets.'),
  secrets: z
    .array(z.string())
    .describe('The names of the secrets that are kept; their values are never shown.'),
  goesTo: z.string().describe('Where it goes to, in short: a host, a topic, addresses.'),
  last: z
    .nullable(z.object({ at: epochMs, state: deliveryState, problem: z.string().nullable() }))
    .describe('The newest delivery.'),
})
export type ChannelView = z.infer<typeof channelView>
export const channelsView = z.array(channelView)

/** What became of a test. */
export const channelTested = z.object({
  ok: z.boolean(),
  message: z.string().describe('What happened, in words.'),
  remedy: z.string().nullable().describe('What to do, when it did not work.'),
})
export type ChannelTested = z.infer<typeof channelTested>

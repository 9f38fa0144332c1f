import * as z from 'zod'
import { deliveryState } from './channels.ts'
import { epochMs, page, pageQuery } from './page.ts'

/** What can be told, each with how grave it is and what it means. */
export const TOPICS = {
  ban: ['info', 'An address was banned by a jail'],
  'ban-refused': ['warning', 'A ban of an address that must not be banned was refused'],
  'sign-in-failed': ['warning', 'Somebody failed to sign in at the server'],
  'node-lost': ['critical', 'A node has not been connected for three minutes'],
  'node-back': ['info', 'A lost node is back'],
  'firewall-failed': ['critical', 'The firewall of a node did not take a change'],
  'firewall-drifted': ['warning', 'The firewall of a node was changed by something else, and mended'],
  'jail-failed': ['warning', 'A jail cannot run'],
  'jail-paused': ['warning', 'A jail is paused: its expressions took too long'],
  'jail-back': ['info', 'A jail that failed or was paused runs again'],
  'source-lost': ['warning', 'A log cannot be read any more'],
  'source-regained': ['info', 'A lost log is read again'],
  'settings-refused': ['warning', 'A node refused a revision of the settings'],
  'events-lost': ['warning', 'A node lost events before they reached the server'],
  'jail-silent': ['warning', 'A jail has been silent for much longer than usual'],
  'clock-skew': ['warning', 'The clock of a node and that of the server differ'],
  'version-skew': ['info', 'A node runs another version of Warder than the server'],
  'outbox-growing': ['warning', 'Events wait on a node and do not get fewer'],
  'disk-low': ['critical', 'There is little room left on a disk'],
  'backup-failed': ['critical', 'A backup that was due could not be made'],
  'alarm-over': ['info', 'One of the last six is over'],
} as const satisfies Record<string, readonly [severity: 'info' | 'warning' | 'critical', meaning: string]>
export type Topic = keyof typeof TOPICS
const TOPIC_NAMES = Object.keys(TOPICS) as [Topic, ...Topic[]]

export const severity = z.enum(['info', 'warning', 'critical'])
export type Severity = z.infer<typeof severity>
export const topic = z.enum(TOPIC_NAMES)
/** GET /notifications/topics. */
export const topicsView = z.array(z.object({ topic, severity, meaning: z.string() }))
export type TopicView = z.infer<typeof topicsView>[number]

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 22:00')
function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Who is told what, and how often. */
export const ruleBody = z.strictObject({
  enabled: z.boolean().default(true),
  topics: z.array(topic).max(50).default([]).describe('Empty: all of them.'),
  severity: severity.default('info').describe('This grave or graver.'),
  jails: z
    .array(z.string().min(1).max(64))
    .max(100)
    .default([])
    .describe('Empty: all, and what has nothing to do with a jail.'),
  nodes: z
    .array(z.string().min(1).max(80))
    .max(200)
    .default([])
    .describe('Empty: all, and what has nothing to do with a node.'),
  channels: z.array(z.number().int()).min(1).max(20).describe('Their ids.'),
  pace: z
    .enum(['attack', 'each', 'hourly', 'daily'])
    .default('attack')
    .describe(
      '`attack`: the first at once, then summaries at growing intervals while it goes on. `each`: at once, at most one a minute. `hourly`, `daily`: one digest.',
    ),
  dailyAt: time.default('08:00').describe('When a daily digest is sent.'),
  quiet: z
    .nullable(
      z.strictObject({
        from: time,
        to: time,
        critical: z.boolean().default(true).describe('What is critical is told all the same.'),
      }),
    )
    .default(null)
    .refine((quiet) => quiet === null || quiet.from !== quiet.to, 'must not end when it begins')
    .describe('When nothing is sent; what happens then is told together at its end.'),
  zone: z
    .string()
    .max(64)
    .refine(isZone, 'must be a time zone like Europe/Berlin')
    .default('UTC')
    .describe('The time zone of all times in the rule and in what is sent.'),
})
export type RuleBody = z.input<typeof ruleBody>
export type RuleWish = z.infer<typeof ruleBody>
export const ruleView = ruleBody.extend({ id: z.number().int(), channels: z.array(z.number().int()) })
export type RuleView = z.infer<typeof ruleView>
export const rulesView = z.array(ruleView)

/** One notification on its way to one channel. */
export const deliveryView = z.object({
  id: z.number().int(),
  at: epochMs,
  channel: z.string(),
  severity,
  title: z.string(),
  text: z.string(),
  state: deliveryState.describe(
    '`dropped`: not sent, since its channel was turned off or had too many waiting.',
  ),
  attempts: z.number().int(),
  problem: z.string().nullable().describe('What went wrong last, in words.'),
  nextAt: epochMs.nullable().describe('When it is tried again.'),
  finishedAt: epochMs.nullable(),
})
export type DeliveryView = z.infer<typeof deliveryView>
export const deliveryPage = page(deliveryView)
export type DeliveryPage = z.infer<typeof deliveryPage>
export const deliveriesQuery = z.strictObject({
  channel: z.coerce.number().int().optional().describe('The id of a channel.'),
  state: deliveryState.optional(),
  ...pageQuery,
})

/** The body of a webhook's call. Fields are only ever added to it. */
export const webhookCall = z.object({
  version: z.literal(1),
  id: z.string().describe('The same when a call is repeated.'),
  at: epochMs,
  severity,
  topic: z.union([topic, z.literal('digest'), z.literal('test')]),
  title: z.string(),
  text: z.string(),
  count: z.number().int().describe('How many things happened.'),
  from: epochMs.describe('The first of them.'),
  until: epochMs.describe('The last of them.'),
  nodes: z.array(z.string()),
  jails: z.array(z.string()),
  addresses: z.array(z.string()).describe('The most frequent, 20 at most.'),
})
export type WebhookCall = z.infer<typeof webhookCall>

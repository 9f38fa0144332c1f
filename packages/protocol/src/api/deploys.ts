import * as z from 'zod'

/** A host as an operator names it: never begins with a dash, holds no blank. */
const host = z
  .string()
  .regex(/^[A-Za-z0-9_.:][A-Za-z0-9_.:-]*$/, 'must be a name or an address')
  .max(253)
const port = z.number().int().min(1).max(65_535).default(22)
const secret = z.string().min(1).max(1_000)

/** POST /deploys/host-key: who answers at a host, before anything is told to it. */
export const hostKeyBody = z.strictObject({ host, port })
export const hostKeyView = z.object({
  fingerprint: z.string().describe('SHA256:… as ssh shows it; compare it with the host before you go on.'),
  algorithm: z.string(),
})

/** POST /deploys: puts the agent on a host over SSH. What signs in is used once, and kept nowhere. */
export const deployBody = z.strictObject({
  host,
  port,
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_.-]*$/i, 'must be the name of a user')
    .max(64)
    .default('root'),
  signIn: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('password'), password: secret }),
    z.strictObject({
      kind: z.literal('key'),
      key: z.string().min(1).max(20_000).describe('A private key as OpenSSH writes it.'),
      passphrase: secret.optional(),
    }),
  ]),
  sudoPassword: secret
    .optional()
    .describe('For a user that is not root; without it the password that signs in, if there is one.'),
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'must be like SHA256:…')
    .describe('The fingerprint that was confirmed. A host with another key is told nothing.'),
  server: z
    .string()
    .regex(/^(wss?|https?):\/\/[\w.:[\]-]+$/, 'must be like http://192.0.2.10:8008')
    .optional()
    .describe('Where the agent finds this server; without it as whoever asks found it.'),
})
export type DeployBody = z.infer<typeof deployBody>

/** What a deployment does, in this order. */
export const DEPLOY_STEPS = ['connect', 'look', 'upload', 'install', 'enrol', 'start', 'verify'] as const
export type DeployStep = (typeof DEPLOY_STEPS)[number]

export const deployView = z.object({
  id: z.string(),
  host: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  startedAt: z.number().int(),
  endedAt: z.number().int().nullable(),
  node: z.string().nullable().describe('The name under which the node enrolled.'),
  problem: z.string().nullable().describe('Why it failed, and what to do.'),
  steps: z.array(
    z.object({
      step: z.enum(DEPLOY_STEPS),
      state: z.enum(['waiting', 'running', 'done', 'failed']),
      ms: z.number().int().nullable(),
      output: z.string().describe('What the host printed, the last 8 KiB. Text of strangers.'),
    }),
  ),
  rollback: z
    .string()
    .nullable()
    .describe('What was taken back after a failure; null when nothing had to be.'),
})
export type DeployView = z.infer<typeof deployView>

export const deploysView = z.array(deployView)

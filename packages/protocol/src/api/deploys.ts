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
  known: z
    .enum(['same', 'other', 'unknown'])
    .describe(
      'Whether the files of known hosts that this server can read have this key for the host, or another one.',
    ),
  knownFrom: z.string().nullable().describe('The file that says so.'),
})
export type HostKeyView = z.infer<typeof hostKeyView>

/** What is done on a host: put the agent there, put a newer one in its place, or take it away. */
export const DEPLOY_KINDS = ['install', 'upgrade', 'remove'] as const
export type DeployKind = (typeof DEPLOY_KINDS)[number]

/** POST /deploys: puts the agent on a host over SSH. What signs in is used once, and kept nowhere. */
export const deployBody = z.strictObject({
  kind: z.enum(DEPLOY_KINDS).default('install'),
  node: z
    .string()
    .max(64)
    .optional()
    .describe('For upgrade and remove: the node that the host must be. Another one is not touched.'),
  after: z
    .string()
    .max(64)
    .optional()
    .describe(
      'The id of another deployment: this one begins when that one is done, and never when it fails.',
    ),
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
    z
      .strictObject({ kind: z.literal('agent') })
      .describe('The ssh-agent that the server was started with (SSH_AUTH_SOCK).'),
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
    .regex(/^(wss?|https?):\/\/[\w.:[\]-]+(\/[\w./-]*)?$/, 'must be like http://192.0.2.10:8008')
    .optional()
    .describe('Where the agent finds this server; without it as whoever asks found it.'),
})
export type DeployBody = z.infer<typeof deployBody>
/** The same as whoever asks writes it: what has a default may be left out. */
export type DeployAsk = z.input<typeof deployBody>

/** What is done, in this order. */
export const DEPLOY_STEPS = {
  install: ['connect', 'look', 'upload', 'install', 'enrol', 'start', 'verify'],
  upgrade: ['connect', 'look', 'upload', 'save', 'install', 'verify'],
  remove: ['connect', 'look', 'remove', 'forget'],
} as const satisfies Record<DeployKind, readonly string[]>
export type DeployStep = (typeof DEPLOY_STEPS)[DeployKind][number]
const STEPS = [...new Set(Object.values(DEPLOY_STEPS).flat())]

/** Why a deployment failed. */
export const deployProblem = z.object({
  code: z.string().describe('One of a closed list: auth-refused, disk-full, apt-locked …'),
  message: z.string(),
  remedy: z.string(),
})
export type DeployProblem = z.infer<typeof deployProblem>

export const deployView = z.object({
  id: z.string(),
  kind: z.enum(DEPLOY_KINDS),
  host: z.string(),
  user: z.string(),
  state: z
    .enum(['waiting', 'running', 'done', 'failed', 'cancelled'])
    .describe('Waiting: for the one named in `after`, or for a free place.'),
  isCancelling: z.boolean().describe('It was asked to end, and takes back what was done.'),
  startedAt: z.number().int(),
  endedAt: z.number().int().nullable(),
  node: z.string().nullable().describe('The name of the node, once it is known.'),
  problem: deployProblem.nullable().describe('Why it failed, and what to do.'),
  steps: z.array(
    z.object({
      step: z.enum(STEPS),
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

/** GET /deploys/offer: what this server can put where. */
export const deployOfferView = z.object({
  package: z
    .object({ version: z.string(), architecture: z.string(), bytes: z.number().int() })
    .nullable()
    .describe('The package of the agent that this server holds.'),
  sshAgent: z.object({
    usable: z.boolean(),
    why: z.string().nullable().describe('Why the ssh-agent cannot be used, and what to do.'),
  }),
  outdated: z.array(z.string()).describe('Nodes whose agent is older than the package.'),
  cluster: z.object({
    name: z.string().nullable(),
    why: z.string().nullable().describe('Why there are no members.'),
    members: z.array(
      z.object({
        name: z.string(),
        address: z.string().nullable(),
        isOnline: z.boolean(),
        isHere: z.boolean().describe('This server runs on it.'),
        node: z
          .string()
          .nullable()
          .describe('The node of the fleet that it is; null: it has no agent of ours.'),
      }),
    ),
  }),
})
export type DeployOffer = z.infer<typeof deployOfferView>

import type { NodeEvent } from '@warder/core'
import {
  helloBytes,
  LINK_PATH,
  LINK_VERSION,
  type Down,
  type NodeStatus,
  type OutboxEvent,
} from '@warder/protocol'
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import type { ClientOptions } from 'ws'
import { LabSocket } from './socket.ts'
import type { Lab } from './server.ts'

type Challenge = Extract<Down, { kind: 'challenge' }>
type Welcome = Extract<Down, { kind: 'welcome' }>

/** What an agent keeps over its links: a real key, its name and outbox. */
export class LabNode {
  readonly name: string
  readonly key: string
  readonly #privateKey: KeyObject
  cluster: string | null = 'lab'
  /** The version of the link that it speaks. */
  version = LINK_VERSION
  outbox = `outbox-${randomBytes(6).toString('hex')}`
  #seq = 0

  constructor(name: string) {
    this.name = name
    const pair = generateKeyPairSync('ed25519')
    this.#privateKey = pair.privateKey
    this.key = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')
  }

  /** A hello for a challenge; `over` breaks it on purpose. */
  hello(challenge: Challenge, over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const { version } = this
    const nonce = randomBytes(32).toString('base64')
    const bytes = helloBytes({
      version,
      serverNonce: challenge.nonce,
      serverKey: challenge.key,
      key: this.key,
      nonce,
    })
    return {
      kind: 'hello',
      version,
      key: this.key,
      signature: sign(null, Buffer.from(bytes), this.#privateKey).toString('base64'),
      nonce,
      name: this.name,
      cluster: this.cluster,
      agent: '0.1.0',
      outbox: this.outbox,
      ...over,
    }
  }

  /** Dials and says hello; the welcome is still to come. */
  async dial(
    url: string,
    over: Readonly<Record<string, unknown>> = {},
    options: ClientOptions = {},
  ): Promise<LabSocket<Down>> {
    const link = new LabSocket<Down>(url + LINK_PATH, options)
    const challenge = await link.next('challenge')
    link.send(this.hello(challenge, over))
    return link
  }

  /** Enrols (the first time) or links again, and waits for the welcome. */
  async join(lab: Lab, options: ClientOptions = {}): Promise<{ link: LabSocket<Down>; welcome: Welcome }> {
    const link = await this.dial(lab.url, { join: lab.server.createJoin(15) }, options)
    return { link, welcome: await link.next('welcome') }
  }

  /** Events with the next numbers of the outbox. */
  record(at: number, ...events: readonly NodeEvent[]): OutboxEvent[] {
    // The core's events are readonly; on the wire they are plain.
    return events.map((event) => ({
      seq: ++this.#seq,
      at,
      event: structuredClone(event) as OutboxEvent['event'],
    }))
  }

  /** A report with the jail sshd. */
  status(at: number, over: Partial<NodeStatus> = {}): NodeStatus {
    return {
      at,
      agent: '0.1.0',
      startedAt: at - 60_000,
      firewall: { backend: 'memory', enforcing: true, reason: 'a lab' },
      revision: 0,
      sources: [
        { id: '/var/log/auth.log', state: 'reading', lines: 10, matches: 2, lastLineAt: at, lastMatchAt: at },
      ],
      jails: [
        {
          name: 'sshd',
          filter: 'sshd',
          state: 'running',
          ports: 'tcp 22',
          sources: ['/var/log/auth.log'],
          configured: { enabled: true, maxretry: 5, findtime: 600, bantime: 600 },
          effective: { enabled: true, maxretry: 5, findtime: 600, bantime: 600 },
          activeBans: 0,
          lastMatchAt: null,
        },
      ],
      activeBans: 0,
      outboxDepth: 0,
      lagMs: 3,
      rssBytes: 60_000_000,
      ...over,
    }
  }
}

/** A failed login. */
export const failure = (ip: string, failedAt: number, jail = 'sshd'): NodeEvent => ({
  kind: 'failure.found',
  jail,
  ip,
  failedAt,
  user: 'root',
  line: `Failed password for root from ${ip} port 4000 ssh2`,
})

/** A detected ban for ten minutes. */
export const banned = (
  ip: string,
  at: number,
  over: Readonly<{ jail?: string; until?: number | null }> = {},
): NodeEvent => ({
  kind: 'ban.added',
  ban: {
    jail: over.jail ?? 'sshd',
    ip,
    at,
    until: over.until === undefined ? at + 600_000 : over.until,
    origin: 'detected',
    ticket: {
      failures: 5,
      first: at - 60_000,
      last: at,
      maxretry: 5,
      findtime: 600,
      users: ['root'],
      lines: [`Failed password for root from ${ip} port 4000 ssh2`],
    },
  },
})

/** Sends events and waits until they are in history. */
export async function report(link: LabSocket<Down>, events: readonly OutboxEvent[]): Promise<number> {
  link.send({ kind: 'events', events })
  const last = events.at(-1)?.seq ?? 0
  return (await link.next('ack', ({ acked }) => acked >= last)).acked
}

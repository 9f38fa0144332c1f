import { randomUUID } from 'node:crypto'
import {
  contains,
  MANUAL_JAIL,
  parseTarget,
  type Ban,
  type IgnoreReason,
  type NodeEvent,
  type Order,
} from '@warder/core'
import type { Clock } from '@warder/daemon'
import { banSchema, type NodeStatus } from '@warder/protocol'
import type { ControlAnswer, ControlRequest } from '@warder/protocol/control'
import type { Offences } from '../state/offences.ts'

/** Who gives an order from the node's own command line. */
const BY = 'command line'
const ORDER_LIVES_MS = 60_000
const LONG_LIST = 300

/** What the answers are made from. */
export interface AnswerParts {
  readonly clock: Clock
  readonly offences: Offences
  /** Without the log lines and users of their tickets. */
  readonly bans: () => readonly Ban[]
  /** One with all that is known of it. */
  readonly whole: (ban: Ban) => Ban
  readonly jails: () => readonly string[]
  readonly order: (order: Order) => Promise<readonly NodeEvent[]>
  /** Reads the configuration again → its problems. */
  readonly reload: () => Promise<readonly string[]>
  readonly status: () => {
    readonly node: string | null
    readonly server: string | null
    readonly link: string
    readonly report: NodeStatus
  }
}

type Of<V extends ControlRequest['verb']> = Extract<ControlRequest, { verb: V }>

/** Answers the command line. */
export function makeAnswers(parts: AnswerParts): (request: ControlRequest) => Promise<ControlAnswer> {
  return async (request) => {
    switch (request.verb) {
      case 'status':
        return { ok: true, status: parts.status() }
      case 'banned':
        return listBans(parts, request)
      case 'ban':
        return makeBan(parts, request)
      case 'unban':
        return liftBans(parts, request)
      case 'reload':
        return { ok: true, problems: [...(await parts.reload())] }
    }
  }
}

const notAnAddress = (text: string): ControlAnswer => ({
  ok: false,
  message: `${text} is neither an address nor a subnet`,
  remedy: 'Write it like 192.0.2.10, 2001:db8::1 or 192.0.2.0/24.',
})

function listBans({ bans, whole, offences }: AnswerParts, request: Of<'banned'>): ControlAnswer {
  if (request.ip === undefined) return { ok: true, bans: sorted(bans(), whole) }
  const ip = parseTarget(request.ip)
  if (ip === null) return notAnAddress(request.ip)
  const found = bans().filter((each) => contains(each.ip, ip) || contains(ip, each.ip))
  return { ok: true, bans: sorted(found, whole), past: offences.of(ip).map((offence) => ({ ...offence })) }
}

/** The newest first. A long list comes without log lines and users, so that it fits into an answer. */
function sorted(bans: readonly Ban[], whole: AnswerParts['whole']) {
  const isLong = bans.length > LONG_LIST
  return bans
    .toSorted((a, b) => b.at - a.at || a.ip.localeCompare(b.ip))
    .map((each) => banSchema.parse(isLong ? each : whole(each)))
}

async function makeBan(
  { clock, jails, order, status }: AnswerParts,
  request: Of<'ban'>,
): Promise<ControlAnswer> {
  const ip = parseTarget(request.ip)
  const jail = request.jail ?? MANUAL_JAIL
  if (ip === null) return notAnAddress(request.ip)
  if (jail !== MANUAL_JAIL && !jails().includes(jail)) return jailUnknown(jail, jails())
  const events = await order({
    kind: 'ban',
    id: randomUUID(),
    ip,
    jail,
    bantime: request.bantime ?? null,
    by: BY,
    ...(request.reason === undefined ? {} : { reason: request.reason }),
    expiresAt: clock.now() + ORDER_LIVES_MS,
  })
  const refused = events.find((event) => event.kind === 'ban.refused')
  if (refused)
    return {
      ok: false,
      message: `${ip} was not banned: ${WORDS[refused.reason]}`,
      remedy: REMEDIES[refused.reason],
    }
  const { firewall } = status().report
  if (firewall.backend === 'nftables' && !firewall.enforcing) {
    return {
      ok: false,
      message: `the ban of ${ip} is noted, but the firewall does not take it: ${firewall.reason}`,
      remedy: 'The agent tries again by itself; warder status says how it stands.',
    }
  }
  return { ok: true, changed: changedBy(events) }
}

async function liftBans({ clock, order }: AnswerParts, request: Of<'unban'>): Promise<ControlAnswer> {
  const ip = request.ip === undefined ? null : parseTarget(request.ip)
  if (request.ip !== undefined && ip === null) return notAnAddress(request.ip)
  const lift = {
    kind: 'lift',
    id: randomUUID(),
    ip,
    jail: request.jail ?? null,
    by: BY,
    issuedAt: clock.now(),
  } as const
  return { ok: true, changed: changedBy(await order(lift)) }
}

const changedBy = (events: readonly NodeEvent[]): number =>
  events.reduce((sum, event) => sum + (event.kind === 'order.finished' ? event.changed : 0), 0)

const jailUnknown = (jail: string, known: readonly string[]): ControlAnswer => ({
  ok: false,
  message: `there is no running jail ${jail.slice(0, 64)}`,
  remedy: `Running are: ${[...known, MANUAL_JAIL].join(', ')}.`,
})

const WORDS: Readonly<Record<IgnoreReason, string>> = {
  ignoreip: 'it is on the list of addresses to ignore',
  'own-address': 'it is an address of this node',
  loopback: 'it is the loopback address',
  'private-network': 'it is in a private network',
  'not-an-address': 'it is not an address',
  'name-unknown': 'nobody knows an address of this name',
  ignorecommand: 'the ignorecommand of the jail says so',
  'jail-unknown': 'there is no such jail',
  'jail-disabled': 'the jail is disabled',
  'order-expired': 'the agent was busy for too long',
}

const REMEDIES: Readonly<Record<IgnoreReason, string>> = {
  ignoreip: 'Remove it from ignoreip first.',
  'own-address': 'A node cannot shut itself out.',
  loopback: 'A node cannot shut itself out.',
  'private-network': 'Set ban_private_networks = true in agent.toml to allow it.',
  'not-an-address': 'Write it like 192.0.2.10, 2001:db8::1 or 192.0.2.0/24.',
  'name-unknown': 'Give an address.',
  ignorecommand: 'Change the ignorecommand of the jail.',
  'jail-unknown': 'warder status lists the jails.',
  'jail-disabled': 'Enable the jail first.',
  'order-expired': 'Try again.',
}

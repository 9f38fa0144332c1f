import { randomUUID } from 'node:crypto'
import { contains, IGNORE_WORDS, MANUAL_JAIL, parseTarget, type Ban } from '@warder/core'
import { banSchema } from '@warder/protocol'
import type { ControlAnswer, ControlRequest } from '@warder/protocol/control'
import { answerAllow } from './allow.ts'
import { banMany, liftMany } from './many.ts'
import { BY, changedBy, ORDER_LIVES_MS, type AnswerParts, type Of } from './parts.ts'
import { refusalsIn, takeOver } from './take-over.ts'
import { jailUnknown, notAnAddress, notTaken, REMEDIES } from './words.ts'

const LONG_LIST = 300

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
      case 'panic':
        return panic(parts, request)
      case 'resume':
        return { ok: true, changed: (await parts.suspender.resume(BY)) ? 1 : 0 }
      case 'ban-many':
        return banMany(parts, request)
      case 'unban-many':
        return liftMany(parts, request)
      case 'allow':
      case 'disallow':
      case 'allowed':
        return answerAllow(parts, request)
      case 'doctor':
        return { ok: true, report: await parts.doctor.run(request.jail) }
      case 'reload':
        return { ok: true, problems: [...(await parts.reload())] }
      case 'jail':
        return showJail(parts, request.jail)
      case 'tune':
        return tuneJail(parts, request)
      case 'take-over':
        return takeBans(parts, request)
    }
  }
}

function listBans({ bans, whole, offences }: AnswerParts, request: Of<'banned'>): ControlAnswer {
  if (request.ip === undefined) {
    const own = bans().filter(({ origin }) => origin !== 'list')
    return { ok: true, bans: sorted(own, whole) }
  }
  const ip = parseTarget(request.ip)
  if (ip === null) return notAnAddress(request.ip)
  const found = bans().filter((each) => contains(each.ip, ip) || contains(ip, each.ip))
  return { ok: true, bans: sorted(found, whole), past: offences.of(ip).map((offence) => ({ ...offence })) }
}

/** The newest first, those of one moment in the order in which they were made. A long list comes without log lines and users: they are read from the state, one ban after the other. */
function sorted(bans: readonly Ban[], whole: AnswerParts['whole']) {
  const isLong = bans.length > LONG_LIST
  return bans.toSorted((a, b) => b.at - a.at).map((each) => banSchema.parse(isLong ? each : whole(each)))
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
      message: `${ip} was not banned: ${IGNORE_WORDS[refused.reason]}`,
      remedy: REMEDIES[refused.reason],
    }
  const trouble = notTaken(status().report, `the ban of ${ip} is`)
  if (trouble !== null) return trouble
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

function showJail({ jail, jails }: AnswerParts, name: string): ControlAnswer {
  const found = jail(name)
  return found ? { ok: true, jail: found } : jailUnknown(name, jails())
}

async function tuneJail(parts: AnswerParts, request: Of<'tune'>): Promise<ControlAnswer> {
  const { jail, settings = {}, ignore = [], unignore = [] } = request
  const refused = await parts.tune(jail, { settings, ignore, unignore })
  if (refused !== null) return { ok: false, message: refused, remedy: 'warder status lists the jails.' }
  const found = parts.jail(jail)
  return { ok: true, ...(found === null ? {} : { jail: found }) }
}

async function takeBans(parts: AnswerParts, request: Of<'take-over'>): Promise<ControlAnswer> {
  const { orders, past, known } = takeOver({ ...request, id: randomUUID }, parts.bans(), parts.clock.now())
  const running = new Set(parts.jails())
  const remembered = past.filter(({ jail }) => running.has(jail))
  const events = await parts.takeOver(orders, remembered)
  const refused = refusalsIn(events).map(({ jail, ip, reason }) => ({
    jail,
    ip,
    reason: IGNORE_WORDS[reason],
  }))
  return { ok: true, changed: changedBy(events), known, refused }
}

/** A wish that came with a name is in the cluster's file too. */
async function panic({ clock, suspender, bans }: AnswerParts, request: Of<'panic'>): Promise<ControlAnswer> {
  const { seconds, reason, id } = request
  const until = clock.now() + seconds * 1_000
  const wish = { id: id ?? randomUUID(), until, by: BY, ...(reason === undefined ? {} : { reason }) }
  const trouble = await suspender.take(wish, id === undefined ? 'node' : 'cluster')
  if (trouble !== null)
    return {
      ok: false,
      message: `the firewall does not let go of the bans: ${trouble}`,
      remedy: 'The agent tries again by itself; at once: nft delete table inet warder',
    }
  return { ok: true, changed: bans().length }
}

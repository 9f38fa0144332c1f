import { randomUUID } from 'node:crypto'
import { IGNORE_WORDS, MANUAL_JAIL, parseTarget } from '@warder/core'
import type { ControlAnswer } from '@warder/protocol/control'
import { BY, changedBy, ORDER_LIVES_MS, type AnswerParts, type Of } from './parts.ts'
import { jailUnknown, notAnAddress, notTaken } from './words.ts'

/** Texts → canonical targets, each once; the first that is none stops it, before anything is done. */
function targetsOf(ips: readonly string[]): { targets: readonly string[]; wrong: string | null } {
  const wrong = ips.find((ip) => parseTarget(ip) === null) ?? null
  return { targets: [...new Set(ips.flatMap((ip) => parseTarget(ip) ?? []))], wrong }
}

/** Bans many in one step; what is never banned is told, the others are banned. */
export async function banMany(
  { clock, jails, order, status }: AnswerParts,
  request: Of<'ban-many'>,
): Promise<ControlAnswer> {
  const { targets, wrong } = targetsOf(request.ips)
  const jail = request.jail ?? MANUAL_JAIL
  if (wrong !== null) return notAnAddress(wrong)
  if (jail !== MANUAL_JAIL && !jails().includes(jail)) return jailUnknown(jail, jails())
  const events = await order({
    kind: 'ban-many',
    id: randomUUID(),
    ips: targets,
    jail,
    bantime: request.bantime ?? null,
    by: BY,
    ...(request.reason === undefined ? {} : { reason: request.reason }),
    expiresAt: clock.now() + ORDER_LIVES_MS,
  })
  const trouble = notTaken(status().report, 'the bans are')
  if (trouble !== null) return trouble
  const refused = events.flatMap((event) =>
    event.kind === 'ban.refused' ? [{ ip: event.ip, reason: IGNORE_WORDS[event.reason] }] : [],
  )
  return { ok: true, changed: changedBy(events), refused }
}

/** Lifts the bans of many in one step. */
export async function liftMany(
  { clock, order }: AnswerParts,
  request: Of<'unban-many'>,
): Promise<ControlAnswer> {
  const { targets, wrong } = targetsOf(request.ips)
  if (wrong !== null) return notAnAddress(wrong)
  const lift = {
    kind: 'lift-many',
    id: randomUUID(),
    ips: targets,
    jail: request.jail ?? null,
    by: BY,
    issuedAt: clock.now(),
  } as const
  return { ok: true, changed: changedBy(await order(lift)) }
}

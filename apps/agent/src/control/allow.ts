import { isTooWide, parseTarget } from '@warder/core'
import type { ControlAnswer } from '@warder/protocol/control'
import type { AnswerParts, Of } from './parts.ts'
import { notAnAddress } from './words.ts'

/** Most addresses that are allowed by hand on one node; more belong on a list of the server. */
const MOST_ALLOWED = 1_000

/** Lets an address alone on this node for a while, takes that back, or tells who is let alone. */
export async function answerAllow(
  parts: AnswerParts,
  request: Of<'allow'> | Of<'disallow'> | Of<'allowed'>,
): Promise<ControlAnswer> {
  const now = parts.clock.now()
  const standing = parts.allowed().filter(({ until }) => until === null || until > now)
  if (request.verb === 'allowed') return { ok: true, allowed: standing.map((each) => ({ ...each })) }
  const ip = parseTarget(request.ip)
  if (ip === null) return notAnAddress(request.ip)
  const others = standing.filter((each) => each.ip !== ip)
  if (request.verb === 'disallow') {
    await parts.allow(() => others)
    return { ok: true, changed: standing.length - others.length }
  }
  if (isTooWide(ip)) {
    const remedy = 'Allow a smaller subnet: at least /8 for IPv4, /16 for IPv6.'
    return { ok: false, message: `${ip} is too wide to be allowed`, remedy }
  }
  if (others.length >= MOST_ALLOWED) {
    const message = `${MOST_ALLOWED} addresses are allowed on this node already`
    return {
      ok: false,
      message,
      remedy: 'Use an allow list of the server: the dashboard has them under Lists.',
    }
  }
  const until = request.seconds < 0 ? null : now + request.seconds * 1_000
  await parts.allow(() => [...others, { ip, until, note: request.note ?? '', at: now }])
  return { ok: true, changed: 1 }
}

import { explainBan } from '../ban/explain.ts'
import type { Ban } from '../ban/ban.ts'
import { eventOf } from '../engine/effect.ts'
import { makeEngine } from '../engine/engine.ts'
import type { NodeEvent } from '../engine/event.ts'
import type { Inquiry } from '../engine/inquiry.ts'
import type { EpochMs } from '../time/epoch.ts'
import { DAY, readScript, type Step } from './script.ts'

const SEPARATOR = '---\n'

function clockOf(moment: EpochMs): string {
  const seconds = Math.floor((moment - DAY) / 1000)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => `${part}`.padStart(2, '0')).join(':')
}

const because = (reason: string | undefined): string => (reason === undefined ? '' : `: ${reason}`)

function describeBan(word: string, ban: Ban): string {
  const end = ban.until === null ? 'for ever' : `until ${clockOf(ban.until)}`
  return `${word} ${ban.ip} in ${ban.jail} ${end}: ${explainBan(ban)}`
}

/** An event as one line; null for what a scenario does not show. */
function describeEvent(event: NodeEvent): string | null {
  switch (event.kind) {
    case 'failure.found':
      return `found  ${event.ip} in ${event.jail} at ${clockOf(event.failedAt)} as ${event.user ?? 'nobody'}`
    case 'failure.ignored':
      return `ignore ${event.ip} in ${event.jail}: ${event.reason}`
    case 'ban.added':
      return describeBan('ban   ', event.ban)
    case 'ban.extended':
      return describeBan('extend', event.ban)
    case 'ban.lifted':
      return `lift   ${event.ip} in ${event.jail} by ${event.by}${because(event.reason)}`
    case 'ban.expired':
      return `expire ${event.ip} in ${event.jail}`
    case 'ban.refused':
      return `refuse ${event.ip} in ${event.jail}: ${event.reason}`
    case 'order.finished':
      return `finish ${event.order}: ${event.changed} changed`
    case 'jail.started':
      return `start  ${event.jail}`
    case 'jail.stopped':
      return `stop   ${event.jail}: ${event.reason}`
    default:
      return null
  }
}

const describeInquiry = (inquiry: Inquiry): string =>
  inquiry.kind === 'addresses' ? `the addresses of ${inquiry.name}` : `whether ${inquiry.argv.join(' ')}`

/** A scenario with the effects that its inputs have now. Where they are as before, the text comes back unchanged. */
export function playScenario(text: string): string {
  const end = text.indexOf(SEPARATOR)
  const given = end < 0 ? text : text.slice(0, end)
  const script = readScript(given)
  const engine = makeEngine()
  const told: string[] = []
  const take = ({ now, input }: Step): void => {
    for (const effect of engine.step(input, now)) {
      if (effect.kind === 'ask') told.push(`${clockOf(now)}  ask    ${describeInquiry(effect.inquiry)}\n`)
      const event = eventOf(effect)
      if (event === null) continue
      const line = event.kind === 'failure.found' && !script.showsFailures ? null : describeEvent(event)
      if (line !== null) told.push(`${clockOf(now)}  ${line}\n`)
    }
  }
  /** As an agent does, ticks come when a ban ends. */
  const tickUntil = (moment: EpochMs): void => {
    for (let next = engine.nextExpiry(); next !== null && next < moment; next = engine.nextExpiry()) {
      take({ now: next, input: { kind: 'tick' } })
    }
  }
  engine.step(script.plan.input, script.plan.now)
  for (const step of script.steps) {
    tickUntil(step.now)
    take(step)
  }
  tickUntil(Infinity)
  return `${given}${SEPARATOR}${told.join('')}`
}

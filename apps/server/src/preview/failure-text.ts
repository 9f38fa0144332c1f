import type { EpochMs } from '@warder/core'

/** Takes a failure of the past: the number of its node, whose, and when it happened. */
export type TakeFailure = (nodeId: number, ip: string, at: EpochMs) => void

/** Failures of the past, handed over one after the other in the order in which they came in. */
export type PastFailures = (take: TakeFailure) => void

const ZERO = 48

/** The number that is written in a text from one place to another. */
function numberIn(text: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) value = value * 10 + text.charCodeAt(i) - ZERO
  return value
}

/**
 * Hands over the failures of a text, one a line: `<node> <address> <milliseconds>`. Addresses are pieces of the text: who
 * keeps one makes a copy of it.
 */
export function readFailures(text: string, take: TakeFailure): void {
  for (let from = 0; from < text.length;) {
    const ip = text.indexOf(' ', from) + 1
    const at = text.indexOf(' ', ip) + 1
    const newline = text.indexOf('\n', at)
    const to = newline === -1 ? text.length : newline
    take(numberIn(text, from, ip - 1), text.slice(ip, at - 1), numberIn(text, at, to))
    from = to + 1
  }
}

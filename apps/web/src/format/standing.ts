import type { Said } from '../language/message.ts'
import { said } from '../language/t.ts'
import { formatLeft } from './duration.ts'

/**
 * Where an address is banned and for how long still, with marks for the word and places for what is drawn: `nodes`, and
 * `address` where it is banned as part of a subnet.
 */
export function standingSaid(until: number | null, now: number, isPart: boolean): Said {
  if (until === null)
    return isPart
      ? said('<word>Banned</word> on {nodes} as {address}, for ever')
      : said('<word>Banned</word> on {nodes}, for ever')
  const left = formatLeft(until, now)
  return isPart
    ? said('<word>Banned</word> on {nodes} as {address}, {left} left', { left })
    : said('<word>Banned</word> on {nodes}, {left} left', { left })
}

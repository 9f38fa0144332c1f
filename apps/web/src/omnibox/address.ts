import { parseTarget } from '@warder/core'

/** Most addresses that are taken out of one text, and the longest text that is looked through. */
const MOST = 3
const LONGEST = 2_000

/** How addresses are written so that nobody follows them by mistake: `203[.]0[.]113[.]9`, `hxxp://`. */
const undefanged = (text: string): string =>
  text.replaceAll(/[[({]\s*([.:])\s*[\])}]/g, '$1').replaceAll(/[[({]\s*dot\s*[\])}]/gi, '.')

/** A word → the address or subnet in it, also with a port, a zone, quotes or brackets around it. */
function targetIn(word: string): string | null {
  const bare = word.replace(/^[^0-9a-f:[]+/i, '').replace(/[^0-9a-f:/\]]+$/i, '')
  const whole = parseTarget(bare)
  if (whole !== null) return whole
  const [, bracketed] = /\[([0-9a-f:.]+)(?:%\w+)?\]/i.exec(bare) ?? []
  const [, four] = /(?:^|[^0-9.])(\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?)(?![0-9.])/.exec(bare) ?? []
  return parseTarget(bracketed ?? four ?? '')
}

/**
 * The addresses and subnets in what somebody typed or pasted, a whole line of a log included, in their canonical
 * spelling and in order; at most three.
 */
export function addressesIn(text: string): readonly string[] {
  const words = undefanged(text.slice(0, LONGEST)).split(/[\s,;"'<>=|]+/)
  const found = words.flatMap((word) => {
    // A bare number would be an address to some; to a person it is a number.
    const target = /[.:]/.test(word) ? targetIn(word) : null
    return target === null || target.endsWith('/0') ? [] : [target]
  })
  return [...new Set(found)].slice(0, MOST)
}

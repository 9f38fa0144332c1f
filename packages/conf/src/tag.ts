import { EXPANSION_LIMIT, type Expansion } from './interpolate.ts'
import { quote } from './problem.ts'

/** How often one tag may be replaced in one value; more means that tags go round in a circle. */
const ROUND_LIMIT = 25

/**
 * Replaces `<name>` by what `lookup` knows under that name, inside out (`<mdre-<mode>>`) and again in what was put in.
 * A tag that is not known stays as it is: `<HOST>` and its like belong to the expressions.
 */
export function expandTags(text: string, lookup: (name: string) => string | undefined): Expansion {
  const rounds = new Map<string, number>()
  let expanded = text
  let from = 0
  for (;;) {
    const found = nextTag(expanded, from)
    if (found === null) return { ok: true, text: expanded }
    const value = lookup(found.name)
    if (value === undefined) {
      from = found.at + 1
      continue
    }
    const round = (rounds.get(found.name) ?? 0) + 1
    rounds.set(found.name, round)
    if (round > ROUND_LIMIT || value.includes(`<${found.name}>`))
      return { ok: false, reason: `the tag <${found.name}> contains itself in ${quote(text)}` }
    expanded = expanded.replaceAll(`<${found.name}>`, () => value)
    if (expanded.length > EXPANSION_LIMIT) return { ok: false, reason: 'the value grows beyond all measure' }
    from = 0
  }
}

function nextTag(text: string, from: number): { readonly name: string; readonly at: number } | null {
  const pattern = /<([^ <>]+)>/g
  pattern.lastIndex = from
  const match = pattern.exec(text)
  return match?.[1] === undefined ? null : { name: match[1], at: match.index }
}

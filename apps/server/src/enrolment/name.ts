import { parseAddress } from '@warder/core'

const LONGEST = 48

/** A node's own name → the form in which the fleet uses it: lower case, letters, digits and dashes, no domain. */
export function nodeName(wish: string): string {
  const host = parseAddress(wish) === null ? (wish.split('.')[0] ?? '') : wish
  const name = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-|-$/g, '')
  return name === '' ? 'node' : name
}

/** The names to try for a wish, in order: `pve1`, `pve1-2`, `pve1-3` ... */
export function* namesFor(wish: string): Generator<string> {
  const name = nodeName(wish)
  yield name
  for (let number = 2; ; number++) yield `${name}-${number}`
}

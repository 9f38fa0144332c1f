/* fail2ban's tags, as Python expressions. They find what looks like an address; the strict parser decides. */

const IP4 = '(?:::f{4,6}:)?(?P<ip4>\\d{1,3}(?:\\.\\d{1,3}){3})'
const IP6 = '(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|:){1,7}(?:[0-9a-fA-F]{1,4}|:))'
const DNS = '(?P<dns>[\\w.^-]*\\w)'
const CIDR = '(?P<cidr>\\d+)'
const ADDR = `\\[?(?:${IP4}|${IP6})\\]?`

/** Tags that stand for an expression of their own. */
const WHOLE: ReadonlyMap<string, string> = new Map([
  ['HOST', `(?:${ADDR}|${DNS})`],
  ['ADDR', ADDR],
  ['F-ADDR/', ADDR],
  ['IP4', IP4],
  ['F-IP4/', IP4],
  ['IP6', IP6],
  ['F-IP6/', IP6],
  ['DNS', DNS],
  ['F-DNS/', DNS],
  ['CIDR', CIDR],
  ['F-CIDR/', CIDR],
  ['SUBNET', `\\[?(?:${IP4}|${IP6})(?:/${CIDR})?\\]?`],
  ['F-SUBNET/', `\\[?(?:${IP4}|${IP6})(?:/${CIDR})?\\]?`],
  ['F-ID/', '(?P<fid>\\S+)'],
  ['F-PORT/', '(?P<fport>\\w+)'],
])

/** Captures whose group is not simply named after them. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['id', 'fid'],
  ['port', 'fport'],
])

/** A line feed, then as few whole lines as possible. */
const SKIPLINES = '<SKIPLINES>'

const TAG = /<(\/?)(F-([A-Z0-9_-]+)|[A-Z0-9]+)(\/?)>/g

/** `USER` → `user`. */
function groupOf(name: string): string {
  const lower = name.toLowerCase()
  return RENAMED.get(lower) ?? lower
}

/** The groups that were opened before a place in the expression. */
type Open = Set<string>

/** What stands for a tag: an expression, the beginning or end of a group, or the tag itself when it is none. */
function replacement(found: RegExpExecArray, open: Open): string {
  const [tag, closing = '', whole = '', name, own = ''] = found
  const known = closing === '' ? WHOLE.get(`${whole}${own}`) : undefined
  if (known !== undefined) return known
  if (name === undefined || own !== '') return tag
  const group = groupOf(name)
  if (closing !== '') return open.has(group) ? ')' : tag
  open.add(group)
  return `(?P<${group}>`
}

/**
 * Replaces fail2ban's tags in an expression by Python groups: `<HOST>`, `<F-USER>…</F-USER>` and so on. A closing
 * tag without an opening one stays as it is, and so does a tag that is not known.
 */
export function replaceTags(expression: string): string {
  const open: Open = new Set()
  let replaced = ''
  let end = 0
  let skips = 0
  for (const found of expression.matchAll(TAG)) {
    const stands =
      found[0] === SKIPLINES ? `\\n(?P<skiplines${skips++}>(?:.*\\n)*?)` : replacement(found, open)
    replaced += expression.slice(end, found.index) + stands
    end = found.index + found[0].length
  }
  return replaced + expression.slice(end)
}

/** Groups that say who failed; one of them is needed to count a match, a story's id (`mlfid`) may bring it later. */
export const IDENTIFIERS: readonly string[] = ['fid', 'ip4', 'ip6', 'dns', 'mlfid']

/*
 * What fail2ban would run for an action: its tags put in, in the two steps that keep attackers' text out of the shell.
 * Warder carries out no action's commands, so nothing of this is part of it: it is here to compare what is read of an action's
 * file with the original.
 */

/** A value of an action's property or of a ban. */
export type TagValue = string | number | boolean | null

/** Properties of an action by name; `name?family=inet6` stands in for `name` for that family. */
export type Properties = Readonly<Record<string, TagValue>>

/** What is known of a ban: `ip`, `failures`, `matches` … and under `F-*` what the filter captured. */
export type BanInfo = Readonly<Record<string, TagValue | Readonly<Record<string, TagValue>>>>

/** A command with everything put in; its arguments are texts that it reaches as shell variables only. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
}

/** A command, or why there is none. */
export type CommandResult =
  ({ readonly ok: true } & Command) | { readonly ok: false; readonly reason: string }

const TAG = /<([^ <>]+)>/g
const CAPTURE = /<F-([A-Z0-9_-]+)>/g

/** How often one tag may be put into one value; more means that tags go round in a circle. */
const ROUND_LIMIT = 25
/** Properties that double each other grow without bound otherwise. */
const LONGEST = 1_048_576

/** Tags that need nobody's value. */
const OWN: ReadonlyMap<string, string> = new Map([
  ['br', '\n'],
  ['sp', ' '],
])

/** Attackers' text: never put in as it is, even where a property has its name. */
const FOREIGN: ReadonlySet<string> = new Set(['matches', 'ipmatches', 'ipjailmatches'])

/** What means something to a shell. */
const SPECIAL = /[\\#&;`|*?~<>^()[\]{}$'"\n\r]/g
const hasSpecial = (text: string): boolean => text.search(SPECIAL) >= 0

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
])
const escaped = (text: string): string => text.replace(SPECIAL, (char) => CONTROLS.get(char) ?? `\\${char}`)

/** A value as Python writes it. */
function written(value: TagValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return value === null ? 'None' : String(value)
}

/** Tags go round in a circle, or grow beyond all measure. */
class Circle extends Error {}

type Lookup = (tag: string) => string | undefined

/** Puts other tags into the value of one; `rounds` counts how often each was put in. */
function expandOne(
  tag: string,
  text: string,
  { lookup, rounds }: { lookup: Lookup; rounds: Map<string, number> },
): string {
  let value = text
  let from = 0
  for (;;) {
    TAG.lastIndex = from
    const found = TAG.exec(value)
    const inner = found?.[1]
    if (found === null || inner === undefined) return value
    if (FOREIGN.has(inner)) {
      from = found.index + found[0].length
      continue
    }
    if (inner === tag || (rounds.get(inner) ?? 1) > ROUND_LIMIT) throw new Circle(inner)
    const replacement = lookup(inner)
    if (replacement === undefined) {
      from = found.index + found[0].length
      continue
    }
    value = value.replaceAll(`<${inner}>`, () => replacement)
    if (value.length > LONGEST) throw new Circle(inner)
    rounds.set(inner, (rounds.get(inner) ?? 0) + 1)
    from = found.index
  }
}

/** All properties with the others put in. A circle anywhere is an error, whether the command needs it or not. */
function expandAll(properties: Properties, condition: string): Map<string, string> {
  const values = new Map(Object.entries(properties).map(([tag, value]) => [tag, written(value)]))
  const counted = new Map<string, Map<string, number>>()
  const lookup: Lookup = (tag) =>
    (condition === '' ? undefined : values.get(tag + condition)) ?? values.get(tag)
  for (let isAgain = true; isAgain;) {
    isAgain = false
    for (const [tag, before] of values) {
      if (FOREIGN.has(tag)) continue
      const rounds = counted.get(tag) ?? new Map<string, number>()
      const value = expandOne(tag, before, { lookup, rounds })
      if (value === before) continue
      values.set(tag, value)
      if (value.search(TAG) < 0) continue
      counted.set(tag, rounds)
      isAgain = true
    }
  }
  return values
}

/** The first step: properties, again and again until nothing changes. */
function withProperties(command: string, properties: Properties, family: string): string {
  const condition = family === '' ? '' : `?family=${family}`
  const values = expandAll(properties, condition)
  let text = command
  for (let round = 0; round <= ROUND_LIMIT; round++) {
    const next = text.replace(TAG, (whole: string, tag: string) => {
      const value = (condition === '' ? undefined : values.get(tag + condition)) ?? values.get(tag)
      if (value === undefined) return OWN.get(tag) ?? whole
      return FOREIGN.has(tag) ? escaped(value) : value
    })
    if (next === text || !next.includes('<')) return next
    if (next.length > LONGEST) break
    text = next
  }
  throw new Circle(command)
}

const GROUPS: ReadonlyMap<string, string> = new Map([
  ['id', 'fid'],
  ['port', 'fport'],
])

const isPlain = (value: BanInfo[string] | undefined): value is TagValue | undefined =>
  typeof value !== 'object' || value === null

/** The second step: what is known of the ban, once. What means something to a shell becomes a variable. */
function withBan(command: string, info: BanInfo): Command {
  const variables = new Map<string, string>()
  const safe = (tag: string, value: TagValue): string => {
    const text = written(value)
    if (!hasSpecial(text)) return text
    const variable = `f2bV_${tag.replace(/[^\p{L}\p{N}_]/gu, '_')}`
    variables.set(variable, text)
    return `$${variable}`
  }
  const known = command.replace(TAG, (whole: string, tag: string) => {
    const value = Object.hasOwn(info, tag) ? info[tag] : undefined
    if (value === undefined || !isPlain(value)) return OWN.get(tag) ?? whole
    return safe(tag, value)
  })
  const captures = info['F-*']
  const text = known.replace(CAPTURE, (_, name: string) => {
    const group = GROUPS.get(name.toLowerCase()) ?? name.toLowerCase()
    const value = isPlain(captures) ? undefined : captures[group]
    return value === undefined ? '' : safe(`F_${group}`, value)
  })
  if (variables.size === 0) return { command: text, args: [] }
  const names = [...variables.keys()].map((name, at) => `${name}=$${at} `).join('')
  return { command: `${names}\n${text}`, args: [...variables.values()] }
}

/** How an action is used for a ban. */
export interface Use {
  readonly properties: Properties
  readonly info: BanInfo
  /** `inet4`, `inet6`, or empty where the action makes no difference. */
  readonly family: string
}

/** The command of an action for a ban. Tags that nobody knows stay as they are; captures that are not there are empty. */
export function commandOf(command: string, { properties, info, family }: Use): CommandResult {
  try {
    const text = command.includes('<') ? withProperties(command, properties, family) : command
    return { ok: true, ...withBan(text, info) }
  } catch (error) {
    if (error instanceof Circle) return { ok: false, reason: `the tag <${error.message}> contains itself` }
    throw error
  }
}

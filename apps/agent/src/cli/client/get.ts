import { parseTarget } from '@warder/core'
import type { JailDetail } from '@warder/protocol/control'
import type { Jails } from './jails.ts'
import { incomplete, notDone, ofServer, type Said } from './said.ts'
import { asShown, banipText, filesOf, inOrderOfBan, listText, pythonList, pythonTexts } from './text.ts'

/** `get JAIL ...`, and of what concerns no jail that which has an answer here. */
export async function get(jails: Jails, words: readonly string[]): Promise<Said> {
  const [first = '', what, ...rest] = words
  if (/^db(?:file|maxmatches|purgeage)$/.test(first)) return { out: 'Database currently disabled' }
  const foreign = ofServer(first)
  if (foreign !== null) throw foreign
  if (what === undefined) throw incomplete('Name a jail and what is asked of it.')
  const detail = await jails.detail(first)
  if (what === 'banip') {
    const separator = rest[0] ?? ' '
    return { out: banipText(await jails.bans(first), separator) }
  }
  if (what === 'banned') return { out: await isBanned(jails, first, rest) }
  const say = SAYINGS[what]
  if (say === undefined)
    throw notDone(
      'Invalid command (no get action or not yet implemented)',
      'See what there is with: warder client --help',
    )
  return { out: say(detail) }
}

/** Who is banned in a jail; of addresses whether they are, 1 or 0 each. */
async function isBanned(jails: Jails, jail: string, ips: readonly string[]): Promise<string> {
  const bans = await jails.bans(jail)
  if (ips.length === 0) return pythonTexts(inOrderOfBan(bans))
  const banned = new Set(bans.map(({ ip }) => ip))
  const flags = ips.map((ip) => (banned.has(parseTarget(ip) ?? ip) ? '1' : '0'))
  return flags.length === 1 ? (flags[0] ?? '0') : pythonList(flags)
}

const EXPRESSIONS = 'The following regular expression are defined:'
const numbered = (expressions: readonly string[]): readonly string[] =>
  expressions.map((expression, i) => `[${i}]: ${expression}`)

export const ignoreText = ({ ignoreip }: JailDetail): string =>
  listText(
    'These IP addresses/networks are ignored:',
    ignoreip.map(asShown),
    'No IP address/network is ignored',
  )

const SAYINGS: Readonly<Record<string, (detail: JailDetail) => string>> = {
  bantime: ({ status }) => String(status.effective.bantime),
  findtime: ({ status }) => String(status.effective.findtime),
  maxretry: ({ status }) => String(status.effective.maxretry),
  maxmatches: ({ maxmatches }) => String(maxmatches),
  maxlines: ({ maxlines }) => String(maxlines),
  usedns: ({ usedns }) => usedns,
  // A node's own addresses are never banned, whatever is configured.
  ignoreself: () => 'True',
  ignorecommand: ({ ignorecommand }) => ignorecommand ?? 'False',
  ignoreip: ignoreText,
  failregex: ({ failregex }) =>
    listText(EXPRESSIONS, numbered(failregex), 'No regular expression is defined'),
  ignoreregex: ({ ignoreregex }) =>
    listText(EXPRESSIONS, numbered(ignoreregex), 'No regular expression is defined'),
  logpath: (detail) =>
    listText('Current monitored log file(s):', filesOf(detail), 'No file is currently monitored'),
  logencoding: () => 'Current log encoding is set to:\nUTF-8',
  journalmatch: ({ readsJournal, journalmatch }) =>
    readsJournal && journalmatch.length > 0
      ? `Current match filter:\n${journalmatch.join(' + ')}`
      : 'No journal match filter set',
  datepattern: ({ datepattern }) => `Current date pattern set to: ${datepattern ?? 'Default Detectors'}`,
  actions: ({ status }) => `The jail ${status.name} has the following actions:\nwarder`,
}

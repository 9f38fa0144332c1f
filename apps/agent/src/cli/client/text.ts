import { parseTarget, type Ban, type EpochMs } from '@warder/core'
import type { JailDetail } from '@warder/protocol/control'

/** The shapes that scripts take apart: labels with a tab behind them, and the branches of a small tree. */

/** What `status` says of all jails. */
export const statusText = (jails: readonly string[]): string =>
  tree('Status', [
    ['Number of jail', String(jails.length)],
    ['Jail list', jails.join(', ')],
  ])

type Branch = readonly [label: string, value: string]
type Limb = readonly [label: string, branches: readonly Branch[]]

/** What `status JAIL` says. `short`: without the list of addresses. */
export const jailText = (name: string, detail: JailDetail, bans: readonly Ban[], short = false): string =>
  [`Status for the jail: ${name}`, ...limbs(limbsOf(detail, bans, short), '')].join('\n')

/** What `status --all` says. */
export function allText(
  jails: readonly { readonly name: string; readonly detail: JailDetail; readonly bans: readonly Ban[] }[],
  short = false,
): string {
  const names = jails.map(({ name }) => name)
  const heads = [
    'Status',
    `|- Number of jail:\t${names.length}`,
    `|- Jail list:\t${names.join(', ')}`,
    '`- Status for the jails:',
  ]
  const each = jails.flatMap(({ name, detail, bans }, at) => {
    const isLast = at === jails.length - 1
    const inside = limbs(limbsOf(detail, bans, short), isLast ? '      ' : '   |  ')
    return [`   ${isLast ? '`-' : '|-'} Jail: ${name}`, ...inside]
  })
  return [...heads, ...each].join('\n')
}

function limbsOf(detail: JailDetail, bans: readonly Ban[], short: boolean): readonly Limb[] {
  const reads: Branch = detail.readsJournal
    ? ['Journal matches', detail.journalmatch.join(' + ')]
    : ['File list', filesOf(detail).join(' ')]
  const list: readonly Branch[] = short ? [] : [['Banned IP list', inOrderOfBan(bans).join(' ')]]
  return [
    [
      'Filter',
      [['Currently failed', String(detail.failing)], ['Total failed', String(detail.failures)], reads],
    ],
    [
      'Actions',
      [['Currently banned', String(bans.length)], ['Total banned', String(detail.banned)], ...list],
    ],
  ]
}

const limbs = (all: readonly Limb[], indent: string): readonly string[] =>
  all.flatMap(([label, branches], at) => {
    const isLast = at === all.length - 1
    const inside = branches.map(
      ([name, value], i) =>
        `${indent}${isLast ? '   ' : '|  '}${i === branches.length - 1 ? '`-' : '|-'} ${name}:\t${value}`,
    )
    return [`${indent}${isLast ? '`-' : '|-'} ${label}`, ...inside]
  })

const tree = (head: string, branches: readonly Branch[]): string =>
  [
    head,
    ...branches.map(([name, value], i) => `${i === branches.length - 1 ? '`-' : '|-'} ${name}:\t${value}`),
  ].join('\n')

/** The files that a jail reads now, without what is no file. */
export const filesOf = ({ status }: JailDetail): readonly string[] =>
  status.sources.filter((source) => source.startsWith('/'))

/** A word of ignoreip as fail2ban shows it: `127.0.0.1/8` is `127.0.0.0/8`. */
export const asShown = (word: string): string => parseTarget(word) ?? word

/** Lines below a head, each on a branch of its own; `none` where there are no lines. */
export const listText = (head: string, lines: readonly string[], none: string): string =>
  lines.length === 0
    ? none
    : [head, ...lines.map((line, i) => `${i === lines.length - 1 ? '`-' : '|-'} ${line}`)].join('\n')

/** A list in Python's notation. */
export const pythonList = (items: readonly string[]): string => `[${items.join(', ')}]`
const quoted = (text: string): string => `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`
export const pythonTexts = (texts: readonly string[]): string => pythonList(texts.map(quoted))

/** All bans by jail in Python's notation. */
export const bannedText = (jails: readonly (readonly [jail: string, bans: readonly Ban[]])[]): string =>
  pythonList(jails.map(([jail, bans]) => `{${quoted(jail)}: ${pythonTexts(inOrderOfBan(bans))}}`))

/** Since when a ban counts: as in fail2ban, from the last failure on. */
const beginOf = ({ at, ticket }: Ban): EpochMs => ticket?.last ?? at

export const inOrderOfBan = (bans: readonly Ban[]): readonly string[] =>
  bans.toSorted((one, other) => one.at - other.at).map(({ ip }) => ip)

/** Bans in order of their end. */
const inOrderOfEnd = (bans: readonly Ban[]): readonly Ban[] =>
  bans.toSorted((one, other) => {
    const [end, otherEnd] = [one.until ?? Infinity, other.until ?? Infinity]
    return end === otherEnd ? one.at - other.at : end - otherEnd
  })

/** What `get JAIL banip` says: the addresses between separators, or each with its times in the node's own zone. */
export function banipText(bans: readonly Ban[], how: string): string {
  const sorted = inOrderOfEnd(bans)
  if (how !== '--with-time') return sorted.map(({ ip }) => ip).join(how)
  return sorted
    .map((ban) => {
      const begin = beginOf(ban)
      const length = ban.until === null ? -1 : Math.round((ban.until - begin) / 1_000)
      const end = ban.until === null ? '9999-12-31 23:59:59' : localTime(begin + length * 1_000)
      return `${ban.ip} \t${localTime(begin)} + ${length} = ${end}`
    })
    .join('\n')
}

/** `2026-11-28 02:25:45` in the node's own zone. */
function localTime(at: EpochMs): string {
  const moment = new Date(Math.floor(at / 1_000) * 1_000 - new Date(at).getTimezoneOffset() * 60_000)
  return moment.toISOString().slice(0, 19).replace('T', ' ')
}

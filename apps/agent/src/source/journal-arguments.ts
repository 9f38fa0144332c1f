import type { JournalMatch } from '@warder/core'

/** Where the journal is read from: after an entry, or from a moment in journalctl's own words. */
export type JournalPlace =
  { readonly kind: 'cursor'; readonly cursor: string } | { readonly kind: 'since'; readonly since: string }

/** journald says with this id that it dropped messages: for that time nobody could detect anything. */
export const DROPPED_MESSAGE_ID = 'a596d6fe7bfa4994828e72309e95d61e'

const FIELDS = [
  'MESSAGE',
  'SYSLOG_IDENTIFIER',
  'SYSLOG_PID',
  'PRIORITY',
  '_UID',
  '_PID',
  '_COMM',
  '_SYSTEMD_UNIT',
  '_TRANSPORT',
  '_HOSTNAME',
  '_SOURCE_MONOTONIC_TIMESTAMP',
  'MESSAGE_ID',
  'N_DROPPED',
]

/** Longest entry as JSON. A byte takes up to four characters there; anything longer is not from a service we read. */
export const ENTRY_LIMIT_BYTES = 1_048_576

const DROP_NOTICE = ['SYSLOG_IDENTIFIER=systemd-journald', `MESSAGE_ID=${DROPPED_MESSAGE_ID}`]

/**
 * What journalctl is called with to follow all entries that any of the matches wants (and journald's drop
 * notices), as JSON. One match without groups wants every entry.
 */
export function journalArguments(matches: readonly JournalMatch[], place: JournalPlace): readonly string[] {
  return [
    // `--no-tail`: else -f begins ten lines before the end. `--all`: else a field of 4 KiB becomes null.
    ...['-q', '-f', '--no-tail', '-o', 'json', '--all'],
    `--output-fields=${[...new Set([...FIELDS, ...matchedFields(matches)])].join(',')}`,
    // Never --after-cursor: systemd 252 shows ten entries only, or skips one (we drop the entry at the cursor).
    place.kind === 'cursor' ? `--cursor=${place.cursor}` : `--since=${place.since}`,
    ...matchTerms(matches),
  ]
}

/** What journalctl is called with to read all entries that fit, as JSON, and end. */
export const readingArguments = (match: JournalMatch): readonly string[] => [
  ...['-q', '--no-pager', '-o', 'json', '--all'],
  `--output-fields=${[...new Set([...FIELDS, ...matchedFields([match])])].join(',')}`,
  ...groupTerms([match]).flatMap((terms, i) => (i === 0 ? terms : ['+', ...terms])),
]

/** What journalctl is called with to see whether the journal has an entry that fits. */
export const searchArguments = (match: JournalMatch): readonly string[] => [
  ...['-q', '--no-pager', '-n', '1', '-o', 'json', '--output-fields=_UID'],
  ...groupTerms([match]).flatMap((terms, i) => (i === 0 ? terms : ['+', ...terms])),
]

/** What journalctl is called with for the last entries that any of the matches wants, newest first. */
export const tailArguments = (matches: readonly JournalMatch[], limit: number): readonly string[] => [
  ...['-q', '--no-pager', '--reverse', '-n', String(limit), '-o', 'json', '--all'],
  `--output-fields=${FIELDS.join(',')}`,
  ...(matches.some((match) => match.length === 0)
    ? []
    : groupTerms(matches).flatMap((terms, i) => (i === 0 ? terms : ['+', ...terms]))),
]

const matchedFields = (matches: readonly JournalMatch[]): readonly string[] =>
  matches.flatMap((match) => match.flatMap((group) => group.map(([field]) => field))).filter(isFieldName)

/** journalctl takes an argument for a match only when it begins with a field's name, so no value can be an option. */
const isFieldName = (field: string): boolean => /^[A-Z_][A-Z0-9_]{0,63}$/.test(field)

function matchTerms(matches: readonly JournalMatch[]): readonly string[] {
  if (matches.some((match) => match.length === 0)) return []
  return [...groupTerms(matches), DROP_NOTICE].flatMap((terms, i) => (i === 0 ? terms : ['+', ...terms]))
}

function groupTerms(matches: readonly JournalMatch[]): readonly (readonly string[])[] {
  const groups = new Map<string, readonly string[]>()
  for (const group of matches.flat()) {
    const terms = group.filter(([field]) => isFieldName(field)).map(([field, value]) => `${field}=${value}`)
    if (terms.length === group.length) groups.set(terms.join('\0'), terms)
  }
  return [...groups.values()]
}

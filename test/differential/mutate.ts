import type { Random } from '../bench/random.ts'

/** What attackers, other daemons and other versions put into lines; some of it looks like what filters look for. */
const PIECES = [
  ...[
    ' ',
    '  ',
    '\t',
    '"',
    "'",
    '[',
    ']',
    '(',
    ')',
    ':',
    ';',
    '<',
    '>',
    '\\',
    '%',
    '{',
    '}',
    '=',
    ',',
    '-',
    '/',
  ],
  ...[
    '192.0.2.1',
    '::1',
    '::ffff:198.51.100.7',
    '2001:db8::7',
    '[2001:db8::7]',
    '999.1.1.1',
    '1.2.3',
    '10.0.0.1/24',
  ],
  ...[
    '198.51.100.9:5678',
    'host.example',
    'rhost=',
    'user=',
    'from ',
    'root',
    '[preauth]',
    'port 22',
    'error: ',
  ],
  ...['ü', '\u2028', '\u00a0', '\u0130', 'ß', '\0', '\x7f', 'kernel: [123.456] ', '<13>', '=?'],
  ...['Aug 14 11:59:58', '2005-08-14 11:59:58', '14/Aug/2005:11:59:58 +0200', '1124013500'],
]
const NUMBERS = ['0', '1', '12', '32', '60', '99', '2004', '2006', '20050814', '4294967296']
const ENDS = [' ', '\t', '.', ' x', '"', '\r', ' [preauth]', ' from 192.0.2.9']

/** One change: `at` is a place in the line, `end` one a little behind it, `other` a line of the same log. */
type Change = (line: string, at: number, end: number, random: Random, other: string) => string

const withWords = (line: string, change: (words: string[]) => void): string => {
  const words = line.split(' ')
  change(words)
  return words.join(' ')
}

const CHANGES: readonly Change[] = [
  (line, at, end) => line.slice(0, at) + line.slice(end),
  (line, at, _, random) => line.slice(0, at) + random.pick(PIECES) + line.slice(at),
  (line, at, end, random) => line.slice(0, at) + random.pick(PIECES) + line.slice(end),
  (line, at, end) => line.slice(0, end) + line.slice(at),
  (line, at, end) => line.slice(0, at) + line.slice(at, end).toUpperCase() + line.slice(end),
  (line, at, _, random, other) => line.slice(0, at) + other.slice(random.int(other.length)),
  (line, _, __, random) => line + random.pick(ENDS),
  (line, _, __, random) => withWords(line, (words) => void words.splice(random.int(words.length), 1)),
  (line, _, __, random) =>
    withWords(line, (words) => void words.splice(random.int(words.length), 1, random.pick(PIECES))),
  (line, _, __, random) =>
    withWords(
      line,
      (words) => void words.splice(random.int(words.length), 0, ...words.splice(random.int(words.length), 1)),
    ),
  (line, _, __, random) => {
    const numbers = [...line.matchAll(/[0-9]+/g)]
    if (numbers.length === 0) return line
    const { index, 0: text } = random.pick(numbers)
    return line.slice(0, index) + random.pick(NUMBERS) + line.slice(index + text.length)
  },
]

/** A line with one to three changes by chance. It stays one line. */
export function mutate(line: string, others: readonly string[], random: Random): string {
  let changed = line
  for (let left = 1 + random.int(3); left > 0 && changed !== ''; left--) {
    const at = random.int(changed.length)
    changed = random.pick(CHANGES)(changed, at, at + 1 + random.int(6), random, random.pick(others))
  }
  return changed.replaceAll('\n', ' ')
}

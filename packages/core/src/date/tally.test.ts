import { expect, it } from 'vitest'
import { readDatepattern } from './pattern.ts'
import { DateTally } from './tally.ts'

it.each<[string, string | undefined, string[], [RegExp, number][]]>([
  ['nothing', undefined, ['hello'], []],
  [
    'what is known by default, the most frequent first',
    undefined,
    ['x 2026/11/20 10:00:00 y', 'Nov 20 10:00:00 h a', 'Nov 20 10:00:01 h a', 'no date'],
    [
      [/^\^ \[Weekday \]Mon Day Hour:Minute:Second/, 2],
      [/^\(\?:Year-Month-Day\|Year\/Month\/Day\|.*Hour:Minute:Second/, 1],
    ],
  ],
  ['a pattern', '^%d/%m/%y', ['01/02/26 a', '01/02/2026 b'], [[/^\^ Day\/Month\/Year2$/, 1]]],
])('the forms of dates are counted: %s', (_, datepattern, lines, hits) => {
  const read = readDatepattern(datepattern)
  if (!read.ok) throw new Error(read.problems.join('\n'))
  const tally = new DateTally(read.forms)
  for (const line of lines) tally.take(line)
  expect(tally.hits().map(([, count]) => count)).toEqual(hits.map(([, count]) => count))
  for (const [at, [form]] of tally.hits().entries()) expect(form).toMatch(hits[at]?.[0] ?? /nothing/)
})

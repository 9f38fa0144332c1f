import { describe, expect, it } from 'vitest'
import { DateReader } from './detect.ts'
import { UTC } from './parse.ts'
import { readDatepattern } from './pattern.ts'

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0)

function readerOf(datepattern?: string): DateReader {
  const read = readDatepattern(datepattern)
  if (!read.ok) throw new Error(read.problems.join('\n'))
  return new DateReader(read.forms, UTC)
}

const asText = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

describe('dates that are known without a datepattern', () => {
  it.each([
    ['Nov 20 09:44:53 node sshd[1]: x', ' node sshd[1]: x', '2026-11-20T09:44:53.000Z'],
    ['Nov  2 09:44:53 node x', ' node x', '2026-11-02T09:44:53.000Z'],
    ['Fri Nov 20 09:44:53.123 2026 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['[Fri Nov 20 09:44:53.123456 2026] [core:info] x', '[] [core:info] x', '2026-11-20T09:44:53.000Z'],
    ['Nov 20 2026 09:44:53 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['2026-11-20T09:44:53Z x', ' x', '2026-11-20T09:44:53.000Z'],
    ['2026-11-20T09:44:53.123456Z x', ' x', '2026-11-20T09:44:53.000Z'],
    // more digits are no fraction, and what stands behind them is no zone
    ['2026-11-20T09:44:53.1234567Z x', '.1234567Z x', '2026-11-20T09:44:53.000Z'],
    ['2026-11-20T09:44:53.123456+01:00 node x', ' node x', '2026-11-20T08:44:53.000Z'],
    [
      '2026-11-20T09:44:53+01:00: authentication failure',
      ': authentication failure',
      '2026-11-20T08:44:53.000Z',
    ],
    ['2026-11-20 09:44:53,123 fail2ban.filter x', ' fail2ban.filter x', '2026-11-20T09:44:53.000Z'],
    ['2026/11/20 09:44:53 [error] x', ' [error] x', '2026-11-20T09:44:53.000Z'],
    ['2026.11.20 09:44:53 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['2026-11-20 09:44:53 +0100 x', ' x', '2026-11-20T08:44:53.000Z'],
    [
      '192.0.2.1 - - [20/Nov/2026:09:44:53 +0000] "GET /"',
      '192.0.2.1 - - [] "GET /"',
      '2026-11-20T09:44:53.000Z',
    ],
    ['11/20/2026:09:44:53 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['20-11-2026 09:44:53 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['20/11/26 09:44:53 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['11-20-2026 09:44:53.123 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['20-Nov-2026 09:44:53.123 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['1795167893 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['1795167893.250 x', ' x', '2026-11-20T09:44:53.250Z'],
    ['[1795167893] x', '[] x', '2026-11-20T09:44:53.000Z'],
    ['type=A msg=audit(1795167893.250:77): x', 'type=A msg=audit(:77): x', '2026-11-20T09:44:53.250Z'],
    ['09:44:53 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['<11/20/26@09:44:53> x', ' x', '2026-11-20T09:44:53.000Z'],
    ['261120  9:44:53 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['Nov 20, 2026 9:44:53 AM x', ' x', '2026-11-20T09:44:53.000Z'],
    ['Nov-20-26 09:44:53 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['20261120T094453 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['20261120 09:44:53 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['CET Fri Nov 20 09:44:53 2026 x', ' x', '2026-11-20T08:44:53.000Z'],
    ['node1: Nov 20 09:44:53 x', 'node1:  x', '2026-11-20T09:44:53.000Z'],
    ['+0100 Fri Nov 20 09:44:53 2026 x', ' x', '2026-11-20T08:44:53.000Z'],
    ['@4000000042ff0e2f1a2b3c4d x', ' x', '2005-08-14T09:26:07.000Z'],
  ])('%s', (line, text, at) => {
    const reader = readerOf()
    expect(reader.cut(line, NOW)).toBe(`${text}\n`)
    expect(asText(reader.at(NOW))).toBe(at)
  })

  it.each([
    'no date at all',
    'x 1795167893 in the middle is a number',
    'x09:44:53 is stuck to a word',
    'in the middle 09:44:53 is no date',
    '2026-11-20 24:00:00 x',
    'port 12345 at 1:2',
  ])('finds none in: %s', (line) => {
    const reader = readerOf()
    expect(reader.cut(line, NOW)).toBe(`${line}\n`)
    expect(reader.at(NOW)).toBeNull()
  })

  it.each(['2026-02-30 10:00:00 x', '2026-11-20 23:59:60 x', 'Feb 29 10:00:00 x'])(
    'cuts what looks like a date but is no time: %s',
    (line) => {
      const reader = readerOf()
      expect(reader.cut(line, NOW)).toBe(' x\n')
      expect(reader.at(NOW)).toBeNull()
    },
  )

  it('prefers a date at the start of the line to one that somebody wrote into it', () => {
    const reader = readerOf()
    expect(reader.cut('Nov 20 09:44:53 node x: user 2026-11-20T00:00:00Z', NOW)).toBe(
      ' node x: user 2026-11-20T00:00:00Z\n',
    )
    expect(reader.cut('192.0.2.1 [20/Nov/2026:09:44:53 +0000] "2026-11-20T00:00:00Z"', NOW)).toBe(
      '192.0.2.1 [] "2026-11-20T00:00:00Z"\n',
    )
  })
})

describe('a reader follows one source', () => {
  it('stays with the form that won, where it stands between the same characters', () => {
    const reader = readerOf()
    reader.cut('192.0.2.1 - - [20/Nov/2026:09:44:53 +0000] "GET /"', NOW)
    expect(reader.cut('198.51.100.77 - bob [20/Nov/2026:09:44:54 +0000] "GET /"', NOW)).toBe(
      '198.51.100.77 - bob [] "GET /"\n',
    )
  })

  it('changes the form with the source', () => {
    const reader = readerOf()
    reader.cut('Nov 20 09:44:53 node x', NOW)
    expect(reader.cut('2026-11-20T09:44:53Z node x', NOW)).toBe(' node x\n')
    expect(reader.cut('Nov 20 09:44:53 node x', NOW)).toBe(' node x\n')
  })

  it('takes of several dates the first in the line, wherever their forms stand in the ranking', () => {
    const reader = readerOf()
    expect(reader.cut('x y 20/Nov/2026:09:44:53 and 2026-11-20 09:44:53', NOW)).toBe(
      'x y  and 2026-11-20 09:44:53\n',
    )
  })

  it('goes on looking at the usual place after a date was found further inside', () => {
    const reader = readerOf()
    reader.cut('host 2026-11-20 09:44:53 x', NOW)
    expect(reader.cut('a message of 2026-11-20 09:44:54 x', NOW)).toBe('a message of  x\n')
    expect(reader.cut('host 2026-11-20 09:44:55 x 2026-11-20 09:44:56', NOW)).toBe(
      'host  x 2026-11-20 09:44:56\n',
    )
  })

  it('does not look at a line whose date names a zone that nobody knows', () => {
    const reader = readerOf()
    expect(reader.cut('IST Nov 20 09:44:53 x', NOW)).toBe('')
    expect(reader.at(NOW)).toBeNull()
  })

  it('leaves what is no time in a line that belongs to a date before it', () => {
    const reader = readerOf()
    expect(reader.cut('2026-11-20 11:59:60 x', NOW)).toBe(' x\n')
    reader.cut('2026-11-20 11:59:30 x', NOW)
    expect(reader.cut('2026-11-20 11:59:60 x', NOW)).toBe('2026-11-20 11:59:60 x\n')
  })

  it('reads digits of other scripts', () => {
    const reader = readerOf()
    expect(reader.cut('Nov 2٠ 09:44:5٣ é', NOW)).toBe(' é\n')
    expect(asText(reader.at(NOW))).toBe('2026-11-20T09:44:53.000Z')
  })

  it('finds no date that touches a letter of another script', () => {
    const reader = readerOf()
    expect(reader.cut('x é2026-11-20 09:44:53', NOW)).toBe('x é2026-11-20 09:44:53\n')
  })

  it('gives a line without a date the date before it, for a minute', () => {
    const reader = readerOf()
    reader.cut('Nov 20 11:59:30 node x', NOW)
    reader.cut('and on', NOW)
    expect(asText(reader.at(NOW))).toBe('2026-11-20T11:59:30.000Z')
    reader.cut('and on', NOW)
    expect(asText(reader.at(NOW + 29_000))).toBe('2026-11-20T11:59:30.000Z')
    expect(reader.at(NOW + 30_000)).toBeNull()
  })

  it('looks past an impossible date to the one before it', () => {
    const reader = readerOf()
    reader.cut('2026-11-20 11:59:30 x', NOW)
    reader.cut('2026-11-20 11:59:60 x', NOW)
    expect(asText(reader.at(NOW))).toBe('2026-11-20T11:59:30.000Z')
  })
})

describe('a datepattern', () => {
  it.each([
    ['id=%Y-%m-%d %H:%M:%S', 'id=2026-11-20 09:44:53;x', ';x', '2026-11-20T09:44:53.000Z'],
    ['id=(%Y-%m-%d %H:%M:%S)', 'id=2026-11-20 09:44:53;x', 'id=;x', '2026-11-20T09:44:53.000Z'],
    ['{UNB}%H:%M:%S', 'x09:44:53y', 'xy', '2026-11-20T09:44:53.000Z'],
    ['**%H:%M:%S', 'x09:44:53 y', 'x y', '2026-11-20T09:44:53.000Z'],
    ['{^LN-BEG}%H:%M:%S', '[09:44:53] x', '[] x', '2026-11-20T09:44:53.000Z'],
    ['{^LN-BEG}', '  2026-11-20 09:44:53 x', '   x', '2026-11-20T09:44:53.000Z'],
    ['{DEFAULT}', 'Nov 20 09:44:53 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['^<\\d+>\\s*{DATE}', '<14> 2026-11-20T09:44:53Z h x', ' h x', '2026-11-20T09:44:53.000Z'],
    [
      '^[^\\[]*\\[({DATE})',
      '192.0.2.1 [20/Nov/2026:09:44:53 +0000] x',
      '192.0.2.1 [] x',
      '2026-11-20T09:44:53.000Z',
    ],
    ['LEPOCH', '1795167893250 x', ' x', '2026-11-20T09:44:53.250Z'],
    ['^EPOCH', '1795167893 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['TAI64N', '@4000000042ff0e2f1a2b3c4d x', ' x', '2005-08-14T09:26:07.000Z'],
    ['%y-%m-%d', '26-11-20 x', ' x', '2026-11-20T00:00:00.000Z'],
    ['%Y %U %a', '2026 46 Fri x', ' x', '2026-11-20T00:00:00.000Z'],
    ['%Y %W %w', '2026 46 5 x', ' x', '2026-11-20T00:00:00.000Z'],
    ['%Y %W %w', '2026 00 4 x', ' x', '2026-01-01T00:00:00.000Z'],
    ['%Y-%m-%d %H:%M:%S %Z', '2026-11-20 09:44:53 PST x', ' x', '2026-11-20T17:44:53.000Z'],
    ['%Y-%m-%d %H:%M:%S %Exz', '2026-11-20 09:44:53 GMT+0530 x', ' x', '2026-11-20T04:14:53.000Z'],
    ['%Y-(%m)-%d', '2026-11-20 x', '-11-20 x', '2026-11-20T00:00:00.000Z'],
    ['{^LN-BEG}Epoch', '[1795167893] x', '[] x', '2026-11-20T09:44:53.000Z'],
    ['t=({EPOCH}),', 'a t=1795167893, x', 'a t=, x', '2026-11-20T09:44:53.000Z'],
    ['{epoch}', 'a 1795167893 x', 'a  x', '2026-11-20T09:44:53.000Z'],
    // beside a directive a word in small letters is a text like any other
    ['{epoch} %Y-%m-%d', '{epoch} 2026-11-20 x', ' x', '2026-11-20T00:00:00.000Z'],
    ['at {date} %Y-%m-%d', 'at {date} 2026-11-20 x', ' x', '2026-11-20T00:00:00.000Z'],
    ['^at (?i)%Y-%m-%dt%H', 'AT 2026-11-20T09 x', ' x', '2026-11-20T09:00:00.000Z'],
    ['{^LN-BEG}(?i)%Y-%m-%dt%H', '2026-11-20T09 x', ' x', '2026-11-20T09:00:00.000Z'],
    ['(?i)^at %d %b', 'AT 20 NOV x', ' x', '2026-11-20T00:00:00.000Z'],
    ['%c', 'Fri Nov 20   9:44:53 2026 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['%x %X', '11/20/26 09:44:53 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['%Y %j', '2026 324 x', ' x', '2026-11-20T00:00:00.000Z'],
    ['%d. %B %Y um %k:%M', '20. NOVEMBER 2026 um  9:44 x', ' x', '2026-11-20T09:44:00.000Z'],
    ['%l:%M:%S %p', ' 9:44:53 am x', ' x', '2026-11-20T09:44:53.000Z'],
    ['%Exd%Exm%Exy %ExH%ExM%ExS', '201126 094453 x', ' x', '2026-11-20T09:44:53.000Z'],
    ['100%% %Y-%m-%d', '100% 2026-11-20 x', ' x', '2026-11-20T00:00:00.000Z'],
    ['q=%d\\.%m\\.%Y\n%Y-%m-%d', 'q=20.11.2026 x', ' x', '2026-11-20T00:00:00.000Z'],
    ['q=%d\\.%m\\.%Y\n%Y-%m-%d', '2026-11-20 x', ' x', '2026-11-20T00:00:00.000Z'],
  ])('%j in %j', (datepattern, line, text, at) => {
    const reader = readerOf(datepattern)
    expect(reader.cut(line, NOW)).toBe(`${text}\n`)
    expect(asText(reader.at(NOW))).toBe(at)
  })

  it.each([
    ['{^LN-BEG}%H:%M:%S', '   09:44:53 x'],
    ['q=%d\\.%m\\.%Y\n{DEFAULT}', '2026-11-20 09:44:53 x'],
    ['{NONE}', '2026-11-20 09:44:53 x'],
    ['%H:%M:%S', 'x09:44:53y'],
    ['%Y-%m-%d', '20. 11. 2026'],
  ])('%j finds nothing in %j', (datepattern, line) => {
    const reader = readerOf(datepattern)
    expect(reader.cut(line, NOW)).toBe(`${line}\n`)
    expect(reader.at(NOW)).toBeNull()
  })

  it.each([
    ['%', 'directive %'],
    ['%Q', 'directive %Q'],
    ['%ExQ', 'directive %E'],
    ['%Y\n%Y', 'there twice'],
    ['(%Y', 'not closed'],
    ['(?i)%b(?i)%d', 'at its start'],
  ])('%j is refused in words', (datepattern, message) => {
    const read = readDatepattern(datepattern)
    expect(read.ok ? '' : read.problems.join()).toContain(message)
  })

  it('is none when it is empty', () => {
    const [one, other] = [readDatepattern(undefined), readDatepattern('  \n ')]
    expect(one.ok && other.ok && one.forms === other.forms).toBe(true)
  })
})

import { expect, it } from 'vitest'
import { UTC } from '../date/parse.ts'
import { SourceReader } from '../line/reader.ts'
import { compileFilter } from './compile.ts'
import type { FilterDefinition } from './definition.ts'
import { identityOf } from './finding.ts'
import { RunningFilter } from './match.ts'

const NOW = Date.UTC(2026, 10, 20, 12)

/** Whom a filter finds in lines read one after the other. */
function found(change: Partial<FilterDefinition>, lines: readonly string[]): (string | null)[] {
  const compiled = compileFilter({
    name: 'case',
    failregex: ['from <HOST>$'],
    ignoreregex: [],
    maxlines: 1,
    journalmatch: [],
    ...change,
  })
  if (!compiled.ok) throw new Error(compiled.problems.join('\n'))
  const running = new RunningFilter(compiled.filter)
  const reader = new SourceReader(UTC)
  return lines.map((text) => {
    reader.take({ source: '/log', text, readAt: NOW })
    const finding = running.find(reader, NOW)
    return finding === null ? null : identityOf(finding.captures)
  })
}

it('semantics of matching: $ stands before the line feed that follows every text', () => {
  const failregex = ['^end\\s<HOST>\\s$', '^tail <HOST>\\Z']
  expect(found({ failregex }, ['end 192.0.2.1', 'tail 192.0.2.1'])).toEqual(['192.0.2.1', null])
})

it('semantics of matching: letters and digits are those of all scripts', () => {
  expect(found({ failregex: ['^\\w+ \\d+ <HOST>$'] }, ['Jürgen ٤٢ 192.0.2.1'])).toEqual(['192.0.2.1'])
})

it('semantics of matching: a conditional asks whether its group took part', () => {
  const failregex = ["^(?P<q>')?user(?(q)'|) <HOST>$"]
  expect(found({ failregex }, ["'user' 192.0.2.1", "'user 192.0.2.1"])).toEqual(['192.0.2.1', null])
})

it('semantics of dates: what is left of a line begins with the blank behind its date', () => {
  const lines = ['Nov 20 11:59:59 bad from 192.0.2.1']
  expect(found({ failregex: ['^bad from <HOST>$'] }, lines)).toEqual([null])
  expect(found({ failregex: ['^ bad from <HOST>$'] }, lines)).toEqual(['192.0.2.1'])
})

it('semantics of dates: the date is cut out of the middle of a line', () => {
  const change = { datepattern: '%Y-%m-%d', failregex: ['^bad  from <HOST>$'] }
  expect(found(change, ['bad 2026-11-20 from 192.0.2.1'])).toEqual(['192.0.2.1'])
})

it('semantics of failures: the first expression that matches decides', () => {
  const failregex = ['^a <F-ID>\\w+</F-ID> <HOST>$', '<HOST>$']
  expect(found({ failregex }, ['a bob 192.0.2.1'])).toEqual(['bob'])
})

it('semantics of failures: ignoreregex looks at what prefregex left of the line', () => {
  const change = { prefregex: '^app: <F-CONTENT>.+</F-CONTENT>$', ignoreregex: ['^app', 'trusted'] }
  expect(found(change, ['app: from 192.0.2.1', 'app: trusted from 192.0.2.1'])).toEqual(['192.0.2.1', null])
})

it('semantics of dates: a line with a zone that nobody knows is in no lines that are read together', () => {
  const change = { maxlines: 2, failregex: ['^\\s*fail\\n\\s*peer <HOST>$'] }
  const lines = ['Nov 20 11:59:59 fail', 'IST Nov 20 11:59:59 x', 'Nov 20 11:59:59 peer 192.0.2.1']
  expect(found(change, lines)).toEqual([null, null, '192.0.2.1'])
  expect(found(change, ['fail', '', 'peer 192.0.2.1'])).toEqual([null, null, null])
})

it('semantics of captures: what a repeat captured in an earlier round counts', () => {
  const failregex = ['^(?: ip=<HOST>| user=<F-USER>\\S+</F-USER>| \\S+)+$']
  expect(found({ failregex }, [' ip=192.0.2.1 user=bob x=1'])).toEqual(['192.0.2.1'])
})

it('semantics of stories: a failure waits for the line of its connection that names somebody', () => {
  const change = {
    prefregex: '^<F-MLFID>\\[\\d+\\]</F-MLFID> <F-CONTENT>.+</F-CONTENT>$',
    failregex: ['^fail$', '^<F-NOFAIL>connect</F-NOFAIL> <HOST>$'],
  }
  const lines = ['[1] fail', '[2] connect 192.0.2.2', '[1] connect 192.0.2.1', '[2] fail']
  expect(found(change, lines)).toEqual([null, null, '192.0.2.1', '192.0.2.2'])
})

import { describe, expect, it } from 'vitest'
import type { SourceReport } from '../source/source.ts'
import { SourceWatch } from './source-watch.ts'

const reading: SourceReport = { state: 'reading' }
const lost: SourceReport = { state: 'lost', reason: 'gone' }
const waiting: SourceReport = { state: 'waiting', reason: 'not there' }
const blind: SourceReport = { state: 'reading', reason: 'dropped' }

/** Reports at second 0, 5, 10 ... → events, each with its second. */
const run = (...reports: readonly (SourceReport | null)[]) => {
  const watch = new SourceWatch()
  return reports.flatMap((report, i) =>
    watch
      .look(report ? [{ id: 'journal', report }] : [], i * 5_000)
      .map((event) => `${i * 5} ${event.kind}${event.kind === 'source.lost' ? ` ${event.reason}` : ''}`),
  )
}

describe('watching sources', () => {
  it.each([
    ['all is well', [reading, reading], []],
    [
      'lost for long, then back',
      [reading, lost, lost, lost, lost, reading],
      ['15 source.lost gone', '25 source.regained'],
    ],
    ['lost for a moment', [reading, lost, reading, lost, reading], []],
    ['lost from the beginning', [lost, lost, lost], ['10 source.lost gone']],
    ['waiting for a file that never was there', [waiting, waiting, waiting, waiting, reading], []],
    ['waiting for a file that was there', [reading, waiting, waiting, waiting], ['15 source.lost not there']],
    [
      'blind for a time',
      [reading, blind, blind, blind, reading],
      ['15 source.lost dropped', '20 source.regained'],
    ],
    ['no longer read at all', [lost, lost, lost, null, reading], ['10 source.lost gone']],
  ])('%s', (_, reports, events) => {
    expect(run(...reports)).toEqual(events)
  })
})

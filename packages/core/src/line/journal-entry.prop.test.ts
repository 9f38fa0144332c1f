import fc from 'fast-check'
import { expect, it } from 'vitest'
import { journalLine } from './journal-entry.ts'
import { LINE_LIMIT } from './line.ts'

const message = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(fc.integer({ min: -1, max: 300 }), { maxLength: 200 }),
  fc.jsonValue(),
)
const entry = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      MESSAGE: message,
      __REALTIME_TIMESTAMP: fc.oneof(fc.string(), fc.bigInt().map(String), fc.jsonValue()),
      _HOSTNAME: message,
      SYSLOG_IDENTIFIER: message,
      _PID: message,
    },
    { requiredKeys: [] },
  ),
)

it('an entry of any shape is a line without line feeds, bounded, or none, and nothing is thrown', () => {
  fc.assert(
    fc.property(entry, (parsed) => {
      const line = journalLine(parsed, 0)
      if (line === null) return
      expect(line.text.length).toBeLessThanOrEqual(LINE_LIMIT)
      expect(line.writtenAt === undefined || Number.isFinite(line.writtenAt)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

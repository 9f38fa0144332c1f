import { expect, it } from 'vitest'
import { FAILURES_SQL } from './failure-store.ts'
import { openLabDatabase, planOf } from './lab.ts'

it.each(Object.entries(FAILURES_SQL))(
  'failures of the past come out of the index of their jail alone: %s',
  (_name, sql) => {
    using lab = openLabDatabase()
    const plan = planOf(lab.db, sql)
    expect(plan).toContain('USING COVERING INDEX events_by_jail (jail=? AND at>? AND at<?)')
    expect(plan).not.toContain('TEMP B-TREE')
  },
)

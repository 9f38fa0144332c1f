import { expect, it } from 'vitest'
import { AppError, ERRORS, type ErrorCode } from './error.ts'

it.each(Object.entries(ERRORS))(
  '%s has a status, a meaning and a remedy in sentences',
  (_, [status, meaning, remedy]) => {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(meaning).toMatch(/\.$/)
    expect(remedy).toMatch(/\.$/)
  },
)

it('carries its code, and what was special about the case', () => {
  const error = new AppError('node.unknown', 'There is no node "pve9".')
  expect([error.code satisfies ErrorCode, error.status, error.message]).toEqual([
    'node.unknown',
    404,
    'There is no node "pve9".',
  ])
  expect(error.remedy).toBe(ERRORS['node.unknown'][2])
})

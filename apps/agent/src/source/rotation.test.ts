import { describe, expect, it } from 'vitest'
import { isRotatedName } from './rotation.ts'

describe('the names of rotated logs', () => {
  it.each([
    ['auth.log', 'auth.log.1', true],
    ['auth.log', 'auth.log.12', true],
    ['auth.log', 'auth.log-20261120', true],
    ['auth.log', 'auth-20261120.log', true],
    ['auth.log', 'auth.log.old', true],
    ['auth.log', 'auth.log.2.gz', false],
    ['auth.log', 'auth.log', false],
    ['auth.log', 'authxlog.1', false],
    ['error', 'error.log', false],
    ['error', 'error.1', true],
    ['access.log', 'access.log.bak.1', false],
  ])('%s → %s: %s', (log, name, expected) => {
    expect(isRotatedName(log, name)).toBe(expected)
  })
})

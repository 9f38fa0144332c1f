import { describe, expect, it } from 'vitest'
import { isEnforced } from './enforced.ts'

const jail = (wanted: number, enforced: number, missing: readonly string[] = []) => ({
  comparedAt: 1_000,
  jails: [{ jail: 'sshd', wanted, enforced, missing }],
})

describe('whether a ban is enforced', () => {
  it.each([
    ['held', 500, jail(2, 2), true],
    ['missing', 500, jail(2, 1, ['192.0.2.1']), false],
    ['another is missing', 500, jail(2, 1, ['192.0.2.9']), true],
    ['one of more than are named', 500, jail(9, 2, ['192.0.2.9']), null],
    ['made after the firewall was asked', 1_000, jail(2, 2), null],
    ['the firewall was not asked', 500, null, null],
    ['a jail that it did not speak of', 500, { comparedAt: 1_000, jails: [] }, null],
  ] as const)('%s', (_, at, enforcement, expected) => {
    expect(isEnforced({ jail: 'sshd', ip: '192.0.2.1', at }, enforcement)).toBe(expected)
  })
})

import { describe, expect, it } from 'vitest'
import { Busy, hashPassword, isOutdated, isPassword } from './password.ts'

const OLD = { ln: 15, r: 8, p: 1 }

describe('a stored password', () => {
  it('is hashed with 2^17, 8 and 1, which stand beside it', async () => {
    const stored = await hashPassword('correct horse')
    expect(stored).toMatch(/^scrypt\$17\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
    expect([await isPassword('correct horse', stored), await isPassword('wrong', stored)]).toEqual([
      true,
      false,
    ])
    expect(isOutdated(stored)).toBe(false)
  })

  it('that was made for less is still right, and outdated', async () => {
    const stored = await hashPassword('correct horse', OLD)
    expect([await isPassword('correct horse', stored), isOutdated(stored)]).toEqual([true, true])
  })

  it('is checked two at a time; some wait, and the rest is turned away', async () => {
    const cheap = { ln: 10, r: 8, p: 1 }
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => hashPassword('x', cheap)))
    const failed = all.filter((one) => one.status === 'rejected')
    expect(failed).toHaveLength(4)
    for (const one of failed) expect(one.reason).toBeInstanceOf(Busy)
    expect(await isPassword('x', await hashPassword('x', cheap))).toBe(true)
  })
})

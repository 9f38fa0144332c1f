import { PATHS } from '@warder/protocol/paths'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { cookieOf, OPERATOR, startLab } from '../lab/server.ts'
import { Busy, COST, hashPassword, isOutdated, isPassword } from './password.ts'

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

it('a successful sign-in renews a hash that was made for less, and keeps sessions', async () => {
  await using lab = await startLab({ passwordCost: COST })
  const first = await lab.cookie()
  const db = new Database(join(lab.config.data_dir, 'history.sqlite'))
  const stored = () => db.prepare<[], string>('SELECT password FROM operators').pluck().get() ?? ''
  db.prepare('UPDATE operators SET password = ?').run(await hashPassword(OPERATOR.password, OLD))
  const wrong = { ...OPERATOR, password: 'wrong' }
  expect((await lab.call('POST', PATHS.session, { body: wrong })).status).toBe(401)
  expect(stored()).toMatch(/^scrypt\$15\$/)
  const answer = await lab.call('POST', PATHS.session, { body: OPERATOR })
  expect(answer.status).toBe(200)
  expect(stored()).toMatch(/^scrypt\$17\$/)
  const again = await lab.call('POST', PATHS.session, { body: OPERATOR })
  for (const cookie of [first, cookieOf(answer), cookieOf(again)])
    expect((await lab.call('GET', PATHS.session, { headers: { cookie } })).body.state).toBe('signed-in')
  db.close()
})

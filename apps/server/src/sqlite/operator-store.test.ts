import { PATHS } from '@warder/protocol/paths'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { COST, hashPassword } from '../auth/password.ts'
import { cookieOf, OPERATOR, startLab } from '../lab/server.ts'
import { historyFile } from './backend.ts'

const OLD = { ln: 15, r: 8, p: 1 }

it('a successful sign-in renews a hash that was made for less, and keeps sessions', async () => {
  await using lab = await startLab({ passwordCost: COST })
  const first = await lab.cookie()
  const db = new Database(historyFile(lab.config.data_dir))
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

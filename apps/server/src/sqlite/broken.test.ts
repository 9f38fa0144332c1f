import { PATHS } from '@warder/protocol/paths'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { startLab } from '../lab/server.ts'
import { historyFile } from './backend.ts'

it('says nothing of itself where a table is taken away under a running server', async () => {
  await using broken = await startLab()
  const cookie = await broken.cookie()
  const db = new Database(historyFile(broken.config.data_dir))
  db.exec('DROP TABLE audit')
  db.close()
  const answer = await broken.call('GET', PATHS.audit, { headers: { cookie } })
  expect(answer).toMatchObject({ status: 500, body: { code: 'server.broken' } })
  expect(JSON.stringify(answer.body)).not.toMatch(/audit|SQL/i)
})

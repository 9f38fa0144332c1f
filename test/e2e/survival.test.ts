import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import Database from 'better-sqlite3'
import { labTrouble } from '../lab/available.ts'
import { must, until } from '../lab/command.ts'
import { openScene, type Scene } from '../lab/scene.ts'
import { inKernel } from '../lab/warder.ts'

const trouble = labTrouble()
const NODE = '203.0.113.1'

interface Row {
  readonly seq: number
  readonly kind: string
  readonly ip: string | null
}

/** Kill and cut at the worst moment; nothing may be lost or doubled. */
describe.skipIf(trouble)(`survival${trouble ? ` (${trouble})` : ''}`, () => {
  let scene: Scene

  beforeAll(async () => {
    scene = await openScene('[sshd]\nmaxretry = 3\n')
  })
  afterAll(() => scene?.[Symbol.asyncDispose]())

  /** The server's history, in its order. */
  function history(): Row[] {
    using db = closing(new Database(`${scene.folder}/server/data/history.sqlite`, { readonly: true }))
    return db.file.prepare('SELECT seq, kind, ip FROM events ORDER BY seq').all() as Row[]
  }
  const closing = (file: InstanceType<typeof Database>) => ({ file, [Symbol.dispose]: () => file.close() })
  const bansOf = (ip: string) => history().filter((row) => row.ip === ip && row.kind === 'ban.added')
  const failuresOf = (ip: string) => history().filter((row) => row.ip === ip && row.kind === 'failure.found')

  it('keeps bans in the kernel when the agent is killed, and knows them when it is back', async () => {
    const foe = '203.0.113.10'
    await scene.visitor.failLogins(NODE, foe, 3)
    await until('the ban in history', async () => bansOf(foe).length === 1)
    await scene.agent.process.end('SIGKILL')
    expect(await inKernel(scene.node)).toContain(foe)
    expect(await scene.visitor.canConnect(NODE, foe, 22)).toBe(false)
    await scene.startAgent()
    const answer = (await scene.agent.cli('banned', foe)) as { bans: { ip: string }[] }
    expect(answer.bans.map((ban) => ban.ip)).toEqual([foe])
    expect(await inKernel(scene.node)).toContain(foe)
  })

  it('counts what happened while the agent was dead, once', async () => {
    const foe = '203.0.113.11'
    await scene.agent.process.end('SIGKILL')
    await scene.visitor.failLogins(NODE, foe, 3)
    await scene.startAgent()
    await until('the ban in the kernel', async () => (await inKernel(scene.node)).includes(foe))
    await until('the ban in history', async () => bansOf(foe).length > 0)
    expect(bansOf(foe)).toHaveLength(1)
    expect(failuresOf(foe)).toHaveLength(3)
    expect(bansOf('203.0.113.10')).toHaveLength(1)
    expect(failuresOf('203.0.113.10')).toHaveLength(3)
  })

  it('detects and bans while the server is down; afterwards its history is complete and in order', async () => {
    const foes = ['203.0.113.12', '203.0.113.13']
    await scene.server.process.end('SIGKILL')
    for (const foe of foes) {
      await scene.visitor.failLogins(NODE, foe, 3)
      await until(`the ban of ${foe} in the kernel`, async () => (await inKernel(scene.node)).includes(foe))
    }
    await must(['kill', '-KILL', String(scene.agent.process.pid)])
    await scene.agent.process.ended
    await scene.startAgent()
    await scene.startServer()
    await until('both bans in history', async () => foes.every((foe) => bansOf(foe).length > 0), 70_000)
    for (const foe of foes) {
      expect(bansOf(foe)).toHaveLength(1)
      expect(failuresOf(foe)).toHaveLength(3)
    }
    const kinds = history()
      .filter((row) => foes.includes(row.ip ?? ''))
      .map((row) => `${row.kind} ${row.ip}`)
    expect(kinds).toEqual(
      foes.flatMap((foe) => [...Array.from({ length: 3 }, () => `failure.found ${foe}`), `ban.added ${foe}`]),
    )
  })
})

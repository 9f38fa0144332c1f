import type { Effect } from '@warder/core'
import { makeLogger } from '@warder/daemon'
import { describe, expect, it } from 'vitest'

import { Gathering, type Gathered } from './gathering.ts'

const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })
const lift = (ip: string): Effect => ({
  kind: 'lift',
  jail: 'sshd',
  ip,
  then: { kind: 'ban.lifted', jail: 'sshd', ip, by: 'alice' },
})

/** A firewall that finishes a transaction when it is told to. */
function makeRig() {
  const begun: Gathered[] = []
  const open: PromiseWithResolvers<void>[] = []
  const gathering = new Gathering({
    log,
    carryOut: (gathered) => {
      begun.push(gathered)
      const done = Promise.withResolvers<void>()
      open.push(done)
      return done.promise
    },
  })
  /** The addresses of each transaction that was begun. */
  const told = () => begun.map(({ effects }) => effects.map((effect) => ('ip' in effect ? effect.ip : '')))
  return {
    gathering,
    begun,
    told,
    finish: () => open.shift()?.resolve(),
    fail: () => open.shift()?.reject(new Error('no')),
  }
}

describe('what gathers while the firewall is busy', () => {
  it('goes to it at once when it is idle, and else together when it is done', async () => {
    const { gathering, told, begun, finish } = makeRig()
    for (const [cursor, ip] of ['a', 'b', 'c'].entries()) await gathering.add('log', `${cursor}`, [lift(ip)])
    expect(told()).toEqual([['a']])
    expect(gathering.cursor('log')).toBe('2')
    finish()
    await expect.poll(() => told()).toEqual([['a'], ['b', 'c']])
    expect([...(begun[1]?.cursors ?? [])]).toEqual([['log', '2']])
    expect(gathering.cursor('log')).toBeUndefined()
    finish()
    await gathering.done()
    expect(told().length).toBe(2)
  })

  it('keeps reading waiting when too much has gathered', async () => {
    const { gathering, finish } = makeRig()
    await gathering.add('log', '1', [lift('a')])
    let isTaken = false
    const flood = Array.from({ length: 20_001 }, (_, i) => lift(`${i}`))
    const added = gathering.add('log', '2', flood).then(() => {
      isTaken = true
    })
    await Promise.resolve()
    expect(isTaken).toBe(false)
    finish()
    await expect.poll(() => gathering.cursor('log')).toBeUndefined()
    expect(isTaken).toBe(false)
    finish()
    await added
  })

  it('goes on after a transaction that failed', async () => {
    const { gathering, told, finish, fail } = makeRig()
    await gathering.add('log', '1', [lift('a')])
    fail()
    await gathering.done()
    await gathering.add('log', '2', [lift('b')])
    finish()
    await gathering.done()
    expect(told()).toEqual([['a'], ['b']])
  })
})

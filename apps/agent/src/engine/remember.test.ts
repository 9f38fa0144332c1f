import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ban, Effect } from '@warder/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openState, type State } from '../state/state.ts'
import { remember } from './remember.ts'

let folder: string
let state: State

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-remember-'))
  state = openState(folder, 0)
})
afterEach(() => {
  state.close()
  rmSync(folder, { recursive: true })
})

const failure = (ip: string, failedAt: number): Effect => ({
  kind: 'record',
  event: { kind: 'failure.found', jail: 'sshd', ip, failedAt, line: `line ${failedAt}` },
})
const banOf = (ip: string): Ban => ({ jail: 'sshd', ip, at: 5, until: null, origin: 'operator', by: 'alice' })
const ban = (ip: string): Effect => ({
  kind: 'ban',
  ban: banOf(ip),
  then: { kind: 'ban.added', ban: banOf(ip) },
})
const lift = (ip: string): Effect => ({
  kind: 'lift',
  jail: 'sshd',
  ip,
  then: { kind: 'ban.lifted', jail: 'sshd', ip, by: 'alice' },
})

it.each<[string, readonly Effect[], readonly Effect[], readonly string[], readonly string[]]>([
  ['a ban ends what led to it', [failure('192.0.2.1', 1)], [ban('192.0.2.1')], ['192.0.2.1'], []],
  ['also what came with it', [], [failure('192.0.2.1', 1), ban('192.0.2.1')], ['192.0.2.1'], []],
  [
    'but not what came behind it',
    [],
    [ban('192.0.2.1'), failure('192.0.2.1', 2)],
    ['192.0.2.1'],
    ['192.0.2.1 2'],
  ],
  ['nor that of others', [failure('192.0.2.2', 1)], [ban('192.0.2.1')], ['192.0.2.1'], ['192.0.2.2 1']],
  [
    'a prefix that is banned means the addresses in it',
    [failure('192.0.2.1', 1)],
    [failure('192.0.2.2', 2), ban('192.0.2.0/24'), failure('192.0.2.3', 3)],
    ['192.0.2.0/24'],
    ['192.0.2.3 3'],
  ],
  ['who is let go is gone', [], [ban('192.0.2.1'), lift('192.0.2.1')], [], []],
  [
    'who is banned once more is there',
    [ban('192.0.2.1')],
    [lift('192.0.2.1'), ban('192.0.2.1')],
    ['192.0.2.1'],
    [],
  ],
])('%s', (_, before, effects, bans, failures) => {
  remember(state, before)
  remember(state, effects)
  expect(state.bans.all().map(({ ip }) => ip)).toEqual(bans)
  expect(state.failures.all().map(({ ip, at }) => `${ip} ${at}`)).toEqual(failures)
})

it('counts each ban of an address', () => {
  remember(state, [ban('192.0.2.1'), lift('192.0.2.1'), ban('192.0.2.1'), ban('192.0.2.2')])
  expect(state.offences.all().map(({ ip, bans }) => [ip, bans])).toEqual([
    ['192.0.2.1', 2],
    ['192.0.2.2', 1],
  ])
})

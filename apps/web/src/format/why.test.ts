import { explainBan, IGNORE_WORDS, type Ban } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { reasonWords } from './reason.ts'
import { whyWords } from './why.ts'

const ticket = (over: object = {}) => ({
  failures: 5,
  first: 0,
  last: 457_000,
  maxretry: 5,
  findtime: 600,
  users: ['root'],
  lines: [],
  ...over,
})
const ban = (over: object): Ban => ({
  jail: 'sshd',
  ip: '203.0.113.9',
  at: 0,
  until: null,
  origin: 'detected',
  ...over,
})

// In English the dashboard says what the server, the agent's log and the command line say.
describe('why a ban is there is said as the core says it', () => {
  it.each<[string, object, string | undefined]>([
    ['failures', { ticket: ticket() }, undefined],
    ['with the node', { ticket: ticket() }, 'pve1'],
    ['one failure', { ticket: ticket({ failures: 1, maxretry: 1 }) }, undefined],
    ['nobody named', { ticket: ticket({ users: [] }) }, undefined],
    ['many users', { ticket: ticket({ users: ['a', 'b', 'c', 'd', 'e'] }) }, undefined],
    ['two users', { ticket: ticket({ users: ['a', 'b'] }) }, undefined],
    ['at once', { ticket: ticket({ last: 0 }) }, undefined],
    ['in seconds', { ticket: ticket({ last: 90_000 }) }, undefined],
    ['in hours', { ticket: ticket({ last: 8 * 3_600_000, findtime: 86_400 }) }, undefined],
    ['in days', { ticket: ticket({ last: 5 * 86_400_000, findtime: 90 }) }, undefined],
    ['known offender', { ticket: ticket({ seen: 3 }) }, undefined],
    ['bans counted', { ticket: ticket({ counts: 'bans', users: [] }) }, undefined],
    ['neighbours', { ticket: ticket({ counts: 'neighbours', users: [] }) }, undefined],
    ['by hand', { origin: 'operator', by: 'ada' }, undefined],
    ['by hand with a reason', { origin: 'operator', by: 'ada', reason: 'scanner' }, undefined],
    ['by somebody', { origin: 'operator' }, undefined],
    ['a list', { origin: 'list', by: 'scanners' }, undefined],
    [
      'shared',
      { ticket: ticket(), from: { share: 's', nodes: ['pve2', 'pve3'], jail: 'sshd', policy: 'cluster' } },
      undefined,
    ],
    ['shared by hand', { from: { share: 's', nodes: ['pve2'], jail: 'sshd', policy: 'cluster' } }, undefined],
  ])('%s', (_name, over, node) => {
    expect(whyWords(ban(over), node)).toBe(explainBan(ban(over), node))
  })

  it('but for which ban it is, which takes no ordinals', () => {
    expect(whyWords(ban({ ticket: ticket({ offence: 3 }) }))).toMatch(/; ban number 3 of this address$/)
  })
})

it('says why somebody is not banned as the core says it', () => {
  expect(
    Object.fromEntries(Object.keys(IGNORE_WORDS).map((reason) => [reason, reasonWords(reason)])),
  ).toEqual(IGNORE_WORDS)
  expect(reasonWords('moon')).toBe('moon')
  expect(reasonWords('toString')).toBe('toString')
})

import { describe, expect, it } from 'vitest'
import { answerFor, factorsOf, roleOf } from './answers.ts'

const ticket = (challenge: unknown): string =>
  `PVE:!tfa!${encodeURIComponent(JSON.stringify(challenge))}:6561C0DE::c2lnbmF0dXJl`

describe('factors', () => {
  it.each([
    [{ totp: true }, ['totp']],
    [{ totp: true, recovery: [0, 3] }, ['totp', 'recovery']],
    [{ recovery: [] }, []],
    [{ recovery: 'low' }, ['recovery']],
    [{ webauthn: { publicKey: {} }, u2f: {} }, []],
    [{ yubico: 1, totp: false }, ['yubico']],
    [[], []],
    ['x', []],
  ])('of the challenge %j are %j', (challenge, factors) =>
    expect(factorsOf(ticket(challenge))).toEqual(factors),
  )

  it.each([
    ['PVE:root@pam:6561C0DE::c2ln'],
    ['PVE:!tfa!%7B:6561C0DE::c2ln'],
    ['PVE:!tfa!%E0%A4%A:6561C0DE::c2ln'],
    [''],
  ])('of %j are none', (text) => expect(factorsOf(text)).toEqual([]))
})

it.each([
  ['123456', ['totp'], 'totp:123456'],
  [' 123 456 ', ['totp', 'recovery'], 'totp:123456'],
  ['123456', ['recovery'], null],
  ['4d2a-9a31-55e0-7c01', ['totp', 'recovery'], 'recovery:4d2a-9a31-55e0-7c01'],
  ['4d2a-9a31-55e0-7c01', ['totp'], null],
  [
    'cccccccccccccccccccccccccccccccccccccccccccb',
    ['yubico'],
    'yubico:cccccccccccccccccccccccccccccccccccccccccccb',
  ],
  ['totp:123456', ['totp'], null],
] as const)('%j with %j is answered as %j', (code, factors, answer) =>
  expect(answerFor(code, factors)).toBe(answer),
)

it.each([
  [{ '/': ['Sys.Audit', 'Sys.Modify'], '/nodes': ['Sys.Modify'] }, 'admin'],
  [{ '/': ['Sys.Audit'], '/nodes': ['Sys.Audit', 'Sys.Modify'] }, 'operator'],
  [{ '/nodes': ['Sys.Modify'] }, 'operator'],
  [{ '/': ['Sys.Audit'] }, 'viewer'],
  // On one node only, on guests, or with other privileges: that is no right to the whole fleet.
  [{ '/nodes/pve1': ['Sys.Audit', 'Sys.Modify'] }, null],
  [{ '/vms': ['VM.Audit'], '/': ['Datastore.Audit'] }, null],
  [{}, null],
])('%j makes %s', (paths, role) => {
  const permissions = Object.fromEntries(
    Object.entries(paths).map(([path, names]) => [path, Object.fromEntries(names.map((name) => [name, 1]))]),
  )
  expect(roleOf(permissions)).toBe(role)
})

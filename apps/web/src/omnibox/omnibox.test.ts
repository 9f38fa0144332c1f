import type { Scope } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import { choicesOf, readTyped } from './choices.ts'
import type { World } from './places.ts'
import { ranked, scoreOf } from './rank.ts'

const world = (scopes: readonly Scope[], over: Partial<World> = {}): World => ({
  nodes: [
    { name: 'pve1', state: 'online' },
    { name: 'pve12', state: 'offline' },
  ],
  jails: ['sshd', 'proxmox', 'nginx-http-auth'],
  lists: ['office'],
  may: (scope) => scopes.includes(scope),
  isDemo: false,
  ...over,
})
const ALL: readonly Scope[] = ['read', 'unban', 'ban', 'tune', 'admin']
const labels = (text: string, at = world(ALL), bannedAs: readonly string[] | null = null) =>
  choicesOf(readTyped(text), at, bannedAs).flatMap(({ choices }) => choices.map(({ label }) => label))

describe('scoreOf', () => {
  it.each([
    ['an exact name over one that begins so', 'pve1', 'pve1', 'pve12'],
    ['a beginning over a later word', 'http', 'http-auth', 'nginx-http'],
    ['a later word over the inside of a word', 'auth', 'nginx-http-auth', 'oauthd'],
    ['the inside of a word over letters apart', 'rox', 'proxmox', 'r-o-x'],
    ['the shorter of two that begin so', 'pve', 'pve1', 'pve12'],
  ])('prefers %s', (_name, typed, better, worse) => {
    expect(scoreOf(typed, better)).toBeGreaterThan(scoreOf(typed, worse))
    expect(scoreOf(typed, worse)).toBeGreaterThan(0)
  })

  it.each([
    ['zzz', 'overview'],
    ['', 'overview'],
    ['x', 'proxmox no letter alone'.replaceAll('x', 'y')],
  ])('%j is nothing of %j', (typed, text) => expect(scoreOf(typed, text)).toBe(0))

  it('does not mind case and accents', () => {
    expect(scoreOf('CAFE', 'café')).toBeGreaterThan(100)
  })
})

describe('ranked', () => {
  const things = [
    { label: 'Bans' },
    { label: 'Audit', words: ['who did'] },
    { label: 'sshd', words: ['jail'] },
  ]
  it('gives everything in its order when nothing was typed', () => {
    expect(ranked('  ', things, 2)).toEqual(things.slice(0, 2))
  })
  it('finds by other words, and by several words in any order', () => {
    expect(ranked('who', things, 9)[0]?.label).toBe('Audit')
    expect(ranked('sshd jail', things, 9)[0]?.label).toBe('sshd')
    expect(ranked('jail sshd', things, 9)[0]?.label).toBe('sshd')
    expect(ranked('jail bans', things, 9)).toEqual([])
  })
})

describe('readTyped', () => {
  it.each([
    ['203.0.113.9', { verb: null, addresses: ['203.0.113.9'], bantime: null }],
    ['ban 203.0.113.9', { verb: 'ban', addresses: ['203.0.113.9'], bantime: null }],
    ['ban 203.0.113.9 2d', { verb: 'ban', bantime: 172_800 }],
    ['Ban 203.0.113.9 for ever', { verb: 'ban', bantime: -1 }],
    ['ban 203.0.113.9 soon', { verb: 'ban', bantime: null }],
    ['unban 2001:db8::1', { verb: 'unban', addresses: ['2001:db8::1'] }],
    ['sshd: ban 203.0.113.9 1h', { verb: null, bantime: null }],
  ])('%j', (text, expected) => expect(readTyped(text)).toMatchObject(expected))
})

describe('choicesOf', () => {
  it('begins with the pages, when nothing was typed', () => {
    expect(labels('').slice(0, 2)).toEqual(['Overview', 'Bans'])
  })

  it('tells what can be done with an address', () => {
    expect(labels('203.0.113.9')).toEqual([
      '203.0.113.9',
      'Ban 203.0.113.9 for 1h',
      'Ban 203.0.113.9 for 1w',
      'Allow 203.0.113.9 for 24 h',
    ])
  })

  it('offers to unban what is banned, the subnet around it included', () => {
    expect(labels('2001:db8::1', world(ALL), ['2001:db8::/64'])[1]).toBe('Unban 2001:db8::/64 everywhere')
  })

  it.each([
    ['ban 203.0.113.9', 'Ban 203.0.113.9 for 1h'],
    ['ban 203.0.113.9 3d', 'Ban 203.0.113.9 for 3d'],
    ['unban 203.0.113.9', 'Unban 203.0.113.9 everywhere'],
    ['allow 203.0.113.9', 'Allow 203.0.113.9 for 24 h'],
  ])('does what %j says first', (text, first) => {
    expect(labels(text, world(ALL), ['203.0.113.9'])[0]).toBe(first)
  })

  it('offers nobody what they may not do', () => {
    expect(labels('203.0.113.9', world(['read']), ['203.0.113.9'])).toEqual(['203.0.113.9'])
    expect(labels('audit', world(['read']))[0]).not.toBe('Audit')
  })

  it('opens each address of a pasted line', () => {
    const choices = labels('from 203.0.113.9 to 198.51.100.2', world(['read']))
    expect(choices).toEqual(['203.0.113.9', '198.51.100.2'])
  })

  it.each([
    ['pve1', 'pve1'],
    ['sshd', 'sshd'],
    ['theme dark', 'Theme: dark'],
    ['totp', 'Password and second factor'],
    ['office', 'office'],
    ['whitelist', 'Lists'],
  ])('jumps from %j to %j', (text, first) => expect(labels(text)[0]).toBe(first))

  it('searches bans for what is no place', () => {
    expect(labels('zebra')).toEqual(['Bans with “zebra”'])
  })

  it('has the gallery in a demonstration alone', () => {
    expect(labels('gallery')[0]).not.toBe('Gallery')
    expect(labels('gallery', world(ALL, { isDemo: true }))[0]).toBe('Gallery')
  })

  it('gives each line a name of its own', () => {
    const ids = choicesOf(readTyped(''), world(ALL), null).flatMap(({ choices }) =>
      choices.map(({ id }) => id),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is ready for a keystroke among very many nodes and jails in well under a frame', () => {
    const names = Array.from({ length: 500 }, (_, at) => `node-${at}`)
    const large = world(ALL, { nodes: names.map((name) => ({ name, state: 'online' })), jails: names })
    expect(labels('node-499', large)[0]).toBe('node-499')
  })
})

import { expect, it } from 'vitest'
import { changedNodes, previewWords } from './preview.ts'
import { successWords } from './success.ts'

const SETTINGS = { enabled: true, maxretry: 5, findtime: 600, bantime: 600 }
const SIDE = { bans: 0, addresses: 0 }
const SUCCESSES = { count: 3, lastAt: 0, users: ['ada'], jails: ['sshd'], nodes: ['pve1'] }
const address = (signedIn: boolean, successes: typeof SUCCESSES | null = null) => ({
  ip: '192.0.2.1',
  at: 0,
  bans: 1,
  signedIn,
  allowed: false,
  successes,
})
const node = (banned: number, spared: number, signedIn = 0) => ({
  node: 'pve1',
  failures: 9,
  settings: { now: SETTINGS, proposed: SETTINGS },
  now: SIDE,
  proposed: SIDE,
  banned: { total: banned, addresses: Array.from({ length: banned }, (_, i) => address(i < signedIn)) },
  spared: { total: spared, addresses: [] },
})

it.each([
  [[], 'In the last 7 days this would have banned the same addresses.'],
  [[node(0, 0)], 'In the last 7 days this would have banned the same addresses.'],
  [[node(1, 0)], 'In the last 7 days this would have banned 1 more address.'],
  [[node(0, 2), node(0, 1)], 'In the last 7 days this would have spared 3 addresses.'],
  [
    [node(10, 3, 1), node(2, 0)],
    'In the last 7 days this would have banned 12 more addresses and spared 3 addresses. Of those banned, 1 also logged in successfully.',
  ],
])('says what would have been otherwise (%#)', (nodes, words) => {
  expect(previewWords(nodes)).toBe(words)
})

it('counts those who logged in to a service on a node too', () => {
  const one = { ...node(0, 0), banned: { total: 1, addresses: [address(false, SUCCESSES)] } }
  expect(previewWords([one])).toContain('1 also logged in successfully')
})

it.each([
  [SUCCESSES, 'logged in successfully 3 times in the last 7 days, as ada'],
  [{ ...SUCCESSES, count: 1, users: [] }, 'logged in successfully once in the last 7 days'],
])('says how often somebody logged in (%#)', (successes, words) => {
  expect(successWords(successes)).toBe(words)
})

it('leaves out nodes on which nothing changes', () => {
  expect(changedNodes([node(0, 0), node(1, 0), node(0, 1)])).toHaveLength(2)
})

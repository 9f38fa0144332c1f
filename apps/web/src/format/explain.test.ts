import { describe, expect, it } from 'vitest'
import { banViewSample, NOW } from '../sample/sample.ts'
import { explain, reportOf } from './explain.ts'

const ticket = (over: object = {}) => ({
  failures: 5,
  first: NOW - 457_000,
  last: NOW,
  maxretry: 5,
  findtime: 600,
  users: ['root'],
  lines: ['Failed password for root'],
  ...over,
})
const ban = (over: object = {}) =>
  banViewSample(1, { at: NOW, why: '5 failed logins as root', ticket: ticket(), ...over })

describe('explain', () => {
  it('says who, where and why in one', () => {
    expect(explain(ban()).sentence).toBe(
      '203.0.113.9 is banned on pve1 in sshd. 5 failed logins as root within 8 minutes (limit 5 in 10 minutes).',
    )
    expect(explain(ban({ active: false })).sentence).toMatch(/^203\.0\.113\.9 was banned/)
  })

  it.each([
    ['failed logins', {}, 'In sshd, 5 failed logins within 10m lead to a ban.'],
    ['a single one', { maxretry: 1 }, 'In sshd, 1 failed login within 10m leads to a ban.'],
    ['bans', { counts: 'bans' }, 'In sshd, 5 bans by other jails within 10m lead to a ban.'],
    [
      'neighbours',
      { counts: 'neighbours' },
      'In sshd, 5 banned addresses of a subnet within 10m lead to a ban.',
    ],
  ])('names the rule for %s', (_name, over, rule) => {
    expect(explain(ban({ ticket: ticket(over) })).rule).toBe(rule)
  })

  it.each([
    [
      'all count',
      {},
      /7m 37s of the 10m that count, 2m 23s to spare\. All 5 count: 5 reaches the limit of 5\.$/,
    ],
    [
      'known offender',
      { seen: 3 },
      /3 seen count as 5, since it was banned before: 5 reaches the limit of 5\.$/,
    ],
    ['older ones count less', { seen: 8 }, /8 seen count as 5, since older ones count less/],
    ['a whole window', { first: NOW - 600_000 }, /10m of the 10m that count\. All/],
    [
      'at once',
      { failures: 1, maxretry: 1, first: NOW },
      /^Seen at .* All 1 count: 1 reaches the limit of 1\.$/,
    ],
  ])('does the arithmetic of the window: %s', (_name, over, words) => {
    expect(explain(ban({ ticket: ticket(over) })).window).toMatch(words)
  })

  it.each([
    ['its end', {}, /^Banned for 1h, until .*\.$/],
    ['for ever', { until: null }, /^Banned for ever\.$/],
    ['which ban it is', { ticket: ticket({ offence: 3 }) }, /ban number 3 of this address/],
    ['the eleventh', { ticket: ticket({ offence: 11 }) }, /ban number 11 of/],
    ['a deny list', { origin: 'list', ticket: null }, /as long as the list names it/],
  ])('says how long: %s', (_name, over, words) => expect(explain(ban(over)).length).toMatch(words))

  it('has no rule where an operator decided', () => {
    const byHand = explain(ban({ origin: 'operator', ticket: null, jail: 'manual', by: 'ada', reason: null }))
    expect(byHand).toMatchObject({
      sentence: '203.0.113.9 is banned on pve1. Banned by ada.',
      rule: null,
      window: null,
      shared: null,
    })
  })

  it('says where a shared ban was seen, and names the jail that decided', () => {
    const from = { share: 's', nodes: ['pve2', 'pve3'], jail: 'proxmox', policy: 'cluster' }
    const shared = explain(ban({ from, jail: 'shared', origin: 'shared' }))
    expect(shared.shared).toBe('Seen on pve2 and pve3; it holds here too by the policy “cluster” of proxmox.')
    expect(shared.rule).toMatch(/^In proxmox/)
  })
})

describe('reportOf', () => {
  it('is text with the lines of the log and a link', () => {
    const text = reportOf(ban(), { place: 'Germany', link: 'https://warder/ip/203.0.113.9?ban=1' })
    expect(text.split('\n')[0]).toMatch(/At home in Germany\.$/)
    expect(text).toContain('From the log:\n  Failed password for root\n\nhttps://warder/ip/203.0.113.9?ban=1')
  })
})

import { describe, expect, it } from 'vitest'
import type { Ban, Ticket } from './ban.ts'
import { explainBan } from './explain.ts'

const TICKET: Ticket = {
  failures: 5,
  first: 0,
  last: 480_000,
  maxretry: 5,
  findtime: 600,
  users: ['root', 'admin'],
  lines: [],
}

const detected = (change: Partial<Ticket>): Ban => ({
  jail: 'sshd',
  ip: '192.0.2.1',
  at: 0,
  until: 1,
  origin: 'detected',
  ticket: { ...TICKET, ...change },
})

describe('explainBan says why', () => {
  it.each<[Partial<Ticket>, string]>([
    [{}, '5 failed logins as root, admin within 8 minutes (limit 5 in 10 minutes)'],
    [{ users: [] }, '5 failed logins within 8 minutes (limit 5 in 10 minutes)'],
    [
      { users: ['a', 'b', 'c', 'd', 'e'] },
      '5 failed logins as a, b, c and 2 more within 8 minutes (limit 5 in 10 minutes)',
    ],
    [{ failures: 1, maxretry: 1, users: ['root'] }, '1 failed login as root (limit 1 in 10 minutes)'],
    [{ last: 0 }, '5 failed logins as root, admin within a second (limit 5 in 10 minutes)'],
    [{ last: 1_500 }, '5 failed logins as root, admin within 2 seconds (limit 5 in 10 minutes)'],
    [{ last: 119_000 }, '5 failed logins as root, admin within 119 seconds (limit 5 in 10 minutes)'],
    [{ last: 120_000 }, '5 failed logins as root, admin within 2 minutes (limit 5 in 10 minutes)'],
    [
      { last: 7_200_000, findtime: 86_400 },
      '5 failed logins as root, admin within 2 hours (limit 5 in 1 day)',
    ],
    [
      { last: 172_800_000, findtime: 604_800 },
      '5 failed logins as root, admin within 2 days (limit 5 in 7 days)',
    ],
    [
      { seen: 9, offence: 2 },
      '5 failed logins as root, admin within 8 minutes (limit 5 in 10 minutes); its 2nd ban',
    ],
    [
      { failures: 6, seen: 2, offence: 3 },
      '2 failed logins as root, admin within 8 minutes (limit 5 in 10 minutes), counted as 6 of one that was banned before; its 3rd ban',
    ],
    [
      { seen: 1, offence: 11, users: [] },
      '1 failed login (limit 5 in 10 minutes), counted as 5 of one that was banned before; its 11th ban',
    ],
    [{ counts: 'bans', users: [] }, '5 bans within 8 minutes (limit 5 in 10 minutes)'],
    [{ findtime: 3_600 }, '5 failed logins as root, admin within 8 minutes (limit 5 in 1 hour)'],
    [{ findtime: 90 }, '5 failed logins as root, admin within 8 minutes (limit 5 in 90 seconds)'],
  ])('%j', (change, sentence) => {
    expect(explainBan(detected(change))).toBe(sentence)
  })

  it.each<[Partial<Ban>, string]>([
    [{ by: 'anna', reason: 'scanner' }, 'banned by anna: scanner'],
    [{ by: 'anna' }, 'banned by anna'],
    [{}, 'banned by an operator'],
  ])('by an operator: %j', (change, sentence) => {
    expect(
      explainBan({ jail: 'manual', ip: '192.0.2.1', at: 0, until: null, origin: 'operator', ...change }),
    ).toBe(sentence)
  })

  it('names the node that saw it', () => {
    expect(explainBan(detected({ users: [] }), 'pve1')).toBe(
      '5 failed logins within 8 minutes (limit 5 in 10 minutes), seen on pve1',
    )
  })
})

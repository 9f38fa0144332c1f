import { describe, expect, it } from 'vitest'
import type { Ban } from './ban.ts'
import { OFFENCES_LAST_MS, Offences } from './offences.ts'

const ban = (jail: string, ip: string, at: number): Ban => ({ jail, ip, at, until: null, origin: 'detected' })

function filled(): Offences {
  const offences = new Offences()
  offences.restore({ jail: 'sshd', ip: '192.0.2.1', bans: 3, lastAt: 1_000 })
  offences.note(ban('sshd', '192.0.2.1', 5_000))
  offences.note(ban('mail', '192.0.2.1', 4_000))
  offences.note(ban('sshd', '192.0.2.2', 6_000))
  return offences
}

const counts = (offences: Offences): readonly number[] => [
  offences.count('192.0.2.1', 'sshd'),
  offences.count('192.0.2.1', null),
  offences.count('192.0.2.2', null),
]

describe('Offences', () => {
  it('counts bans of a jail, or of all', () => {
    const offences = filled()
    expect(counts(offences)).toEqual([4, 5, 1])
    expect(offences.count('203.0.113.9', null)).toBe(0)
    expect(offences.lastAt('192.0.2.1', 'sshd')).toBe(5_000)
    expect(offences.lastAt('192.0.2.1', 'web')).toBeNull()
  })

  it.each<[string | null, string | null, number[]]>([
    ['192.0.2.1', null, [0, 0, 1]],
    ['192.0.2.1', 'sshd', [0, 1, 1]],
    ['192.0.2.0/24', 'sshd', [0, 1, 0]],
    ['192.0.2.0/24', null, [0, 0, 0]],
    ['198.51.100.0/24', null, [4, 5, 1]],
    [null, 'mail', [4, 4, 1]],
    [null, null, [0, 0, 0]],
  ])('forgets %s in %s', (target, jail, left) => {
    const offences = filled()
    offences.forget(target === null ? null : [target], jail)
    expect(counts(offences)).toEqual(left)
  })

  it('forgets who kept quiet for long', () => {
    const offences = filled()
    offences.tidy(5_000 + OFFENCES_LAST_MS)
    expect(counts(offences)).toEqual([4, 5, 1])
    offences.tidy(5_001 + OFFENCES_LAST_MS)
    expect(counts(offences)).toEqual([0, 0, 1])
  })

  it('forgets who was banned longest ago when there are too many', () => {
    const offences = filled()
    for (let index = 0; index < 99_999; index++) offences.note(ban('sshd', `a${index}`, 7_000))
    expect(counts(offences)).toEqual([0, 0, 1])
    expect(offences.count('a99998', 'sshd')).toBe(1)
  })
})

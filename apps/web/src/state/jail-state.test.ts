import { describe, expect, it } from 'vitest'
import { jailSample } from '../sample/sample.ts'
import { changedByHand } from './jail-state.ts'

describe('what was changed by hand on a node', () => {
  const effective = { enabled: false, maxretry: 2, findtime: 600, bantime: -1 }
  it.each([
    [['maxretry', 'ignoreip'], 'maxretry 2, ignoreip'],
    [['findtime', 'bantime'], 'findtime 10m, bantime for ever'],
    [['enabled'], 'turned off'],
  ] as const)('%j', (local, words) => {
    expect(changedByHand(jailSample('pve1', 'sshd', { effective, local: [...local] }))).toBe(words)
  })
})

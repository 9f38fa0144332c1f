import { describe, expect, it } from 'vitest'
import { dropLines, keep, tell, type Evidence } from './evidence.ts'

/** Evidence of failures with these users, whose lines are their numbers; `most` lines are kept. */
function evidenceOf(users: readonly (string | undefined)[], most: number): Evidence {
  const evidence: Evidence = { newest: null, kept: 0, characters: 0, users: null }
  for (const [index, user] of users.entries()) keep(evidence, `${index}`, user, most)
  return evidence
}

describe('evidence', () => {
  it.each([
    ['nothing', [], 2, [], []],
    ['lines in their order', ['a', 'b'], 2, ['0', '1'], ['a', 'b']],
    ['the last lines, and all users', ['a', 'b', 'c', 'a'], 2, ['2', '3'], ['a', 'b', 'c']],
    ['users alone', ['a', undefined, '', 'b'], 0, [], ['a', 'b']],
    ['one line', ['a', 'b', 'c'], 1, ['2'], ['a', 'b', 'c']],
    ['the last ten users', [...'abcdefghijkl'], 3, ['9', '10', '11'], [...'cdefghijkl']],
    ['nobody', [undefined, ''], 5, ['0', '1'], []],
  ])('tells %s', (_, users, most, lines, told) => {
    const evidence = evidenceOf(users, most)
    expect(evidence.kept).toBe(lines.length)
    expect(evidence.characters).toBe(lines.join('').length)
    expect(tell(evidence)).toEqual({ lines, users: told })
  })

  it('keeps fewer lines from when fewer are wanted on', () => {
    const evidence = evidenceOf(['a', 'b', 'c', 'd'], 4)
    keep(evidence, 'x', 'e', 2)
    expect(tell(evidence)).toEqual({ lines: ['3', 'x'], users: ['a', 'b', 'c', 'd', 'e'] })
  })

  it('keeps users whose lines are dropped', () => {
    const evidence = evidenceOf(['a', 'b'], 4)
    dropLines(evidence)
    keep(evidence, 'x', 'a', 4)
    expect(evidence.characters).toBe(1)
    expect(tell(evidence)).toEqual({ lines: ['x'], users: ['a', 'b'] })
  })
})

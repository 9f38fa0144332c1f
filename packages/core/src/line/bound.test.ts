import { describe, expect, it } from 'vitest'
import { boundText } from './bound.ts'

describe('boundText', () => {
  it.each([
    ['short', 10, 'short'],
    ['longer than that', 6, 'longer'],
    ['', 5, ''],
    ['a\ud83d\ude00', 2, 'a\ufffd'],
    ['\ud83d alone', 20, '\ufffd alone'],
    ['\0\n"\\', 20, '\0\n"\\'],
  ])('%j up to %d → %j', (text, limit, bounded) => {
    expect(boundText(text, limit)).toBe(bounded)
  })
})

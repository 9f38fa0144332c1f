import { describe, expect, it } from 'vitest'
import { ApiError, problemFrom, problemOf, unreachable } from './problem.ts'

const OURS = { code: 'ip.invalid', message: 'That is no address.', remedy: 'Write one.' }

describe('problems', () => {
  it.each([
    ['the words of the server', 400, OURS, OURS],
    ['words only, nothing else of the body', 400, { ...OURS, stack: 'secret' }, OURS],
    ['a gateway without a server behind it', 502, '<html>', unreachable()],
  ])('%s', (_name, status, body, expected) => {
    expect(problemOf(status, body)).toEqual(expected)
  })

  it.each([[null], ['<html>'], [{ code: 1 }], [[]]])(
    'a foreign body %j is put into words with a remedy',
    (body) => {
      const problem = problemOf(418, body)
      expect(problem.code).toBe('answer.unreadable')
      expect(problem.remedy).not.toBe('')
    },
  )

  it('keeps the problem of a failed request and words an unexpected one', () => {
    expect(problemFrom(new ApiError(400, OURS))).toEqual(OURS)
    expect(problemFrom(new TypeError('x is not a function')).code).toBe('page.broken')
  })
})

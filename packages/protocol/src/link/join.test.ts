import { expect, it } from 'vitest'
import { formatJoin, parseJoin } from './join.ts'

const join = { code: 'abcdefghij_-ABCDEFGH', fingerprint: '0123456789abcdef0123456789abcdef' }

it('comes back from its text, also with blanks around', () => {
  expect(parseJoin(` ${formatJoin(join)}\n`)).toEqual(join)
})

it.each([
  '',
  'warder-join',
  'warder-join.short.0123456789abcdef0123456789abcdef',
  `${formatJoin(join)}0`,
  'warder-join.abcdefghij_-ABCDEFGH.XYZ',
])('is refused when it is not one: %j', (text) => expect(parseJoin(text)).toBeNull())

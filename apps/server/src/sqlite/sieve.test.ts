import { expect, it } from 'vitest'
import { termsOf } from '../events/words.ts'
import { sieveOf } from './sieve.ts'

it.each([
  ['root', 'Failed password for root', true],
  ['ROOT', 'Failed password for root', true],
  ['roo*', '{"line":"for Root"}', true],
  ['root 192.0.2.*', 'for root from 192.0.2.7', true],
  ['root 192.0.2.*', 'for root from 192.0.3.7', false],
  ['"invalid user"', 'user invalid', true],
  ['admin', 'for root', false],
  // Not for ASCII to say: é is found as e, and K (the sign of Kelvin) as k.
  ['cafe', 'for café', true],
  ['admin', 'for café', true],
  ['café', 'for cafe', true],
  ['café root', 'for cafe', false],
  ['-', 'for root', true],
])('%j in %j: %s', (typed, text, may) => expect(sieveOf(termsOf(typed))(text)).toBe(may))

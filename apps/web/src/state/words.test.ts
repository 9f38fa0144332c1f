import { expect, it } from 'vitest'
import { holdsWords, wordsAsked } from './words.ts'

it.each([
  ['', {}],
  ['  ', {}],
  ['root', { q: 'root*' }],
  ['198.51. Root', { q: '198.51.* root*' }],
  ['2001:db8::', { q: '2001:db8::*' }],
  ['Failed password for "root"', { q: 'failed* password* for* root*' }],
  ['%', { search: '%' }],
])('%j asks for %j', (typed, asked) => {
  expect(wordsAsked(typed)).toEqual(asked)
})

it.each([
  ['roo', true],
  ['oot', false],
  ['root 203.0', true],
  ['root 198', false],
  ['%', false],
])('%j is found: %s', (typed, found) => {
  expect(holdsWords(['203.0.113.9', 'Failed password for root'], typed)).toBe(found)
})

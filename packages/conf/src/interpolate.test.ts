import { describe, expect, it } from 'vitest'
import { interpolate } from './interpolate.ts'
import { expandTags } from './tag.ts'

const chain = (length: number): Record<string, string> =>
  Object.fromEntries(
    [...Array(length).keys()].map((n) => [`v${n}`, n + 1 < length ? `%(v${n + 1})s` : 'end']),
  )
const VALUES: Record<string, string> = {
  a: '1',
  b: '%(a)s2',
  loop: '%(loop)s',
  'known/a': '0',
  pct: '50%%',
  bad: '5%',
  ...chain(11),
}

describe('interpolate', () => {
  it.each([
    ['plain', 'plain'],
    ['%(a)s-%(b)s', '1-12'],
    ['%(A)s', '1'],
    ['%(known/a)s', '0'],
    ['100%%', '100%'],
    ['%(pct)s', '50%'],
    ['%%(a)s', '%(a)s'],
    ['%(v1)s', 'end'],
  ])('%s → %s', (text, expected) => {
    expect(interpolate(text, (name) => VALUES[name])).toEqual({ ok: true, text: expected })
  })

  it.each([
    ['%(nope)s', '%(nope)s is not known'],
    ['%(KNOWN/a)s', '%(KNOWN/a)s is not known'],
    ['5%', "a single % in '%': write %% for a percent sign, %(name)s for a value"],
    ['%(a)', "a single % in '%(a)': write %% for a percent sign, %(name)s for a value"],
    ['%(bad)s', "a single % in '%': write %% for a percent sign, %(name)s for a value"],
    ['%(loop)s', "more than 10 values inside each other in '%(loop)s'"],
    ['%(v0)s', "more than 10 values inside each other in '%(v10)s'"],
  ])('refuses %s', (text, reason) => {
    expect(interpolate(text, (name) => VALUES[name])).toEqual({ ok: false, reason })
  })

  it('bounds values that double each other', () => {
    const lookup = (name: string): string => `%(x${name})s`.repeat(40)
    expect(interpolate('%(x)s', (name) => (name.length > 8 ? 'y'.repeat(1000) : lookup(name))).ok).toBe(false)
  })
})

const TAGS: Record<string, string> = {
  mode: 'more',
  'md-more': '^x <HOST>',
  a: '<b>',
  b: '2',
  loop: '<x>',
  x: '<loop>',
  self: 'a<self>',
  's/o': '9',
}

describe('expandTags', () => {
  it.each([
    ['<a>', '2'],
    ['<md-<mode>> <md-more>', '^x <HOST> ^x <HOST>'],
    ['<md-<a>>', '<md-2>'],
    ['<HOST> <F-USER>.*</F-USER> <nope> a<b', '<HOST> <F-USER>.*</F-USER> <nope> a<b'],
    ['<s/o>', '9'],
    ['<a b>', '<a b>'],
    ['<b>'.repeat(40), '2'.repeat(40)],
  ])('%s → %s', (text, expected) => {
    expect(expandTags(text, (name) => TAGS[name])).toEqual({ ok: true, text: expected })
  })

  it.each(['<loop>', '<self>'])('refuses %s, which goes round in a circle', (text) => {
    expect(expandTags(text, (name) => TAGS[name]).ok).toBe(false)
  })
})

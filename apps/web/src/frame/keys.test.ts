import { describe, expect, it } from 'vitest'
import { isOmniboxKey, shortcutOf } from './keys.ts'
import { PLACES, titleOf } from './places.ts'

describe('shortcutOf', () => {
  it.each([
    ['g', false, { kind: 'prefix' }],
    ['b', true, { kind: 'go', key: 'b' }],
    ['g', true, { kind: 'go', key: 'g' }],
    ['/', false, { kind: 'search' }],
    ['?', false, { kind: 'help' }],
    ['z', false, { kind: 'undo' }],
    ['b', false, null],
    ['Enter', true, null],
  ])('%s (after g: %s)', (key, afterG, expected) => expect(shortcutOf(key, afterG)).toEqual(expected))
})

describe('isOmniboxKey', () => {
  const none = { key: 'k', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  it.each([
    [{ ctrlKey: true }, true],
    [{ metaKey: true, key: 'K' }, true],
    [{}, false],
    [{ ctrlKey: true, shiftKey: true }, false],
    [{ ctrlKey: true, key: 'l' }, false],
  ])('%j', (press, expected) => expect(isOmniboxKey({ ...none, ...press })).toBe(expected))
})

describe('PLACES', () => {
  it('have keys of their own', () => {
    expect(new Set(PLACES.map((place) => place.key)).size).toBe(PLACES.length)
  })

  it('have titles; what is no place says so', () => {
    expect(titleOf({ kind: 'nodes', add: true, node: null })).toBe('Nodes')
    expect(titleOf({ kind: 'node', name: 'pve1' })).toBe('pve1')
    expect(titleOf({ kind: 'lost', path: '/x' })).toBe('Not found')
  })
})

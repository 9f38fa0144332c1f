import { describe, expect, it } from 'vitest'
import { compileJail } from './compile.ts'
import { isJailName, type JailDefinition } from './definition.ts'

const DEFINITION: JailDefinition = {
  name: 'sshd',
  filter: { name: 'sshd', failregex: ['bad <HOST>'], ignoreregex: [], maxlines: 1, journalmatch: [] },
  backend: 'auto',
  logpath: [],
  ports: { protocol: 'tcp', ports: 'all' },
  ignoreip: [],
  maxmatches: 5,
  settings: { enabled: true, maxretry: 2, findtime: 600, bantime: 600 },
}

const problemsOf = (change: Partial<JailDefinition>): string => {
  const compiled = compileJail({ ...DEFINITION, ...change })
  return compiled.ok ? '' : compiled.problems.join('\n')
}

describe('compileJail', () => {
  it('keeps the definition beside the compiled filter', () => {
    const compiled = compileJail(DEFINITION)
    expect(compiled.ok && compiled.jail.definition).toBe(DEFINITION)
    expect(compiled.ok && compiled.jail.filter.name).toBe('sshd')
  })

  it.each<[Partial<JailDefinition>, string]>([
    [{ name: 'two words' }, 'the name of a jail'],
    [{ filter: { ...DEFINITION.filter, failregex: [] } }, 'there is none'],
  ])('refuses in words: %j', (change, problem) => {
    expect(problemsOf(change)).toContain(problem)
  })
})

describe('isJailName', () => {
  it.each([
    ['sshd', true],
    ['proxmox-web', true],
    ['a.b_c-1', true],
    ['_x', true],
    ['a'.repeat(64), true],
    ['a'.repeat(65), false],
    ['', false],
    ['-x', false],
    ['.x', false],
    ['a b', false],
    ['a/b', false],
    ['é', false],
    ['a\n', false],
  ])('%j: %s', (text, expected) => {
    expect(isJailName(text)).toBe(expected)
  })
})

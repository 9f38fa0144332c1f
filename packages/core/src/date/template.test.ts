import { setFlagsFromString } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { defaultForms, EMBEDDED } from './template.ts'

setFlagsFromString('--enable-experimental-regexp-engine')

describe('the forms of dates that are known by default', () => {
  it('are looked for at the start of the line first', () => {
    const anchored = defaultForms().map((form) => form.anchored)
    expect(anchored.lastIndexOf(true)).toBeLessThan(anchored.indexOf(false))
  })

  it('are always the same list, so that filters share the work', () => {
    expect(defaultForms()).toBe(defaultForms())
  })

  it.each(
    defaultForms()
      .filter((form) => !form.inside)
      .map((form) => [form.pattern, form.regex.source]),
  )('can be run in linear time: %s', (_, source) => {
    expect(new RegExp(source, 'l').test('')).toBe(false)
  })

  it('can stand inside a pattern unless they are mere numbers', () => {
    expect(EMBEDDED.every((pattern) => pattern.includes('%') && !pattern.startsWith('^'))).toBe(true)
  })
})

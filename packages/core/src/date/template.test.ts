import { setFlagsFromString } from 'node:v8'
import { describe, expect, it } from 'vitest'
import { defaultForms } from './template.ts'

setFlagsFromString('--enable-experimental-regexp-engine')

describe('the forms of dates that are known by default', () => {
  it('are looked for at the start of the line first', () => {
    const anchored = defaultForms().map((form) => form.anchored)
    expect(anchored.slice(0, 14)).not.toContain(false)
    expect(anchored.filter((isAnchored) => !isAnchored)).toHaveLength(14)
  })

  it('are always the same list, so that filters share the work', () => {
    expect(defaultForms()).toBe(defaultForms())
  })

  it.each(defaultForms().map((form) => [form.name, form.regex(false).source]))(
    'can be run in linear time: %s',
    (_, source) => {
      expect(new RegExp(source, 'l').test('')).toBe(false)
    },
  )
})

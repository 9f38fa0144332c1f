import { describe, expect, it } from 'vitest'
import { fixedZone } from './zone.ts'

describe('a zone of fixed offset', () => {
  it.each<[string, number | null]>([
    ['Z', 0],
    ['UTC', 0],
    ['+0100', 60],
    ['-03:30', -210],
    ['+01', 60],
    ['GMT+0530', 330],
    ['CEST', 120],
    ['cest', 120],
    ['PST', -480],
    ['NPT', 345],
    ['A', 60],
    ['M', 720],
    ['N', -60],
    ['Y', -720],
    ['IST', null],
    ['J', null],
    ['', null],
    ['+1', null],
  ])('%j → %s minutes', (text, minutes) => {
    expect(fixedZone(text)?.(0) ?? null).toBe(minutes)
  })
})

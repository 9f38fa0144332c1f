import { describe, expect, it } from 'vitest'
import { FormulaProblem, readFormula } from './formula.ts'

const NAMES = new Map([
  ['ban.Time', 600],
  ['ban.Count', 3],
  ['banFactor', 2],
])

const valueOf = (text: string): number => readFormula(text, [...NAMES.keys()])(NAMES)

describe('a formula is worked out as Python does it', () => {
  it.each([
    ['1 < 2 < 3', 1],
    ['3 > 2 > 2', 0],
    ['ban.Time * (1 if 2 < ban.Count <= 5 else 3)', 600],
    ['1 < 3 == 3', 1],
    ['not ban.Time > 3', 0],
    ['not 0 > 3', 1],
    ['not 0 == 0', 0],
    ['not 1 or 1', 1],
    ['1 + (not 0)', 2],
    ['round(2.5)', 2],
    ['round(3.5)', 4],
    ['round(-0.5)', 0],
    ['round(ban.Time / 7, 2)', 85.71],
    ['round(1234, -2)', 1200],
    ['ban.Time & 7', 0],
    ['ban.Time | 7', 607],
    ['6 ^ 3', 5],
    ['~ban.Time', -601],
    ['1 | 2 ^ 3 & 6', 1],
    ['1 << 2 & 7', 4],
    ['8 & 12 == 8', 1],
    ['-2 ** 2', -4],
    ['2 ** -1', 0.5],
    ['2 ** 3 ** 2', 512],
    ['-7 // 2', -4],
    ['-7 % 3', 2],
    ['7 % -3', -2],
    ['ban.Count or 5', 3],
    ['0 and 1', 0],
    ['1 if 0 else 2 if 0 else 3', 3],
    ['~1 + 1', -1],
    ['- - 3', 3],
    ['2 * -3', -6],
    ['int(-1.7)', -1],
    ['1e3 + .5', 1000.5],
    ['abs(-3) + max(1, 2, 3) - min(4, 5)', 2],
    ['pow(2, 3)', 8],
    ['math.log(8, 2)', 3],
    ['math.ceil(1.2) + math.floor(-1.2)', 0],
    ['5 >> 1', 2],
    ['1 < 2 and not 3 < 2', 1],
    ['not not 2', 1],
  ])('%s is %d', (text, value) => {
    expect(valueOf(text)).toBeCloseTo(value, 9)
  })

  it.each(['1.5 & 1', '1 << 0.5', '~0.5', '1 / 0', '1 % 0', '1 // 0'])('%s has no value', (text) => {
    expect(valueOf(text)).toBeNaN()
  })

  it.each([
    ['1 < ', 'it ends too early'],
    ['1 not 2', 'unexpected not'],
    ['round(1, 2, 3)', 'round takes 1 to 2 values'],
    ['abs()', '")" is not known'],
    ['pow(2)', 'pow takes 2 values'],
    ['math.sin(1, 2)', 'math.sin takes 1 value'],
  ])('%s is refused: %s', (text, problem) => {
    expect(() => valueOf(text)).toThrow(new FormulaProblem(problem))
  })
})

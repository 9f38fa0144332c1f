import { roundEven } from './round-even.ts'

/** Names that a formula may use, with their values: `ban.Time`, `ban.Count`, `banFactor`. */
export type Names = ReadonlyMap<string, number>

/** A formula that can be worked out. NaN where it has no value. */
export type Formula = (names: Names) => number

/** Why a text is no formula. */
export class FormulaProblem extends Error {}

const LONGEST = 500
const DEEPEST = 50

/** A function, and how many values it takes at least and at most. */
type Known = readonly [apply: (...values: number[]) => number, least: number, most: number]

const FUNCTIONS: ReadonlyMap<string, Known> = new Map<string, Known>([
  ['float', [(value = 0) => value, 1, 1]],
  ['int', [(value = 0) => Math.trunc(value), 1, 1]],
  ['round', [(value = 0, digits = 0) => roundEven(value * 10 ** digits) / 10 ** digits, 1, 2]],
  ['abs', [(value = 0) => Math.abs(value), 1, 1]],
  ['min', [(...values) => Math.min(...values), 2, Infinity]],
  ['max', [(...values) => Math.max(...values), 2, Infinity]],
  ['pow', [(base = 0, power = 0) => base ** power, 2, 2]],
  ['math.exp', [(value = 0) => Math.exp(value), 1, 1]],
  ['math.log', [(value = 0, base = Math.E) => Math.log(value) / Math.log(base), 1, 2]],
  ['math.log2', [(value = 0) => Math.log2(value), 1, 1]],
  ['math.log10', [(value = 0) => Math.log10(value), 1, 1]],
  ['math.sqrt', [(value = 0) => Math.sqrt(value), 1, 1]],
  ['math.pow', [(base = 0, power = 0) => base ** power, 2, 2]],
  ['math.floor', [(value = 0) => Math.floor(value), 1, 1]],
  ['math.ceil', [(value = 0) => Math.ceil(value), 1, 1]],
  ['math.sin', [(value = 0) => Math.sin(value), 1, 1]],
  ['math.cos', [(value = 0) => Math.cos(value), 1, 1]],
  ['math.tan', [(value = 0) => Math.tan(value), 1, 1]],
])

const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['math.pi', Math.PI],
  ['math.e', Math.E],
  ['True', 1],
  ['False', 0],
])

type Operation = (left: number, right: number) => number

type Operations = ReadonlyMap<string, Operation>

/** Operators of bits are for whole numbers. */
const ofBits =
  (apply: (left: bigint, right: bigint) => bigint): Operation =>
  (left, right) =>
    Number.isInteger(left) && Number.isInteger(right)
      ? Number(apply(BigInt(left), BigInt(right)))
      : Number.NaN

/** As products: a shift by more than 31 must not wrap around. */
const shifted = (value: number, by: number): number =>
  Number.isInteger(value) && Number.isInteger(by) ? Math.floor(value * 2 ** by) : Number.NaN

/** Python's operators between two values, the loosest first; between these and those below stands `not`. */
const LOOSE: readonly Operations[] = [
  new Map([['or', (a, b) => (a === 0 ? b : a)]]),
  new Map([['and', (a, b) => (a === 0 ? a : b)]]),
]

/** They come in chains: `1 < a < 5`. */
const COMPARISONS: Operations = new Map([
  ['<', (a, b) => Number(a < b)],
  ['<=', (a, b) => Number(a <= b)],
  ['>', (a, b) => Number(a > b)],
  ['>=', (a, b) => Number(a >= b)],
  ['==', (a, b) => Number(a === b)],
  ['!=', (a, b) => Number(a !== b)],
])

const TIGHT: readonly Operations[] = [
  new Map([['|', ofBits((a, b) => a | b)]]),
  new Map([['^', ofBits((a, b) => a ^ b)]]),
  new Map([['&', ofBits((a, b) => a & b)]]),
  new Map([
    ['<<', shifted],
    ['>>', (a, b) => shifted(a, -b)],
  ]),
  new Map([
    ['+', (a, b) => a + b],
    ['-', (a, b) => a - b],
  ]),
  new Map([
    ['*', (a, b) => a * b],
    ['/', (a, b) => (b === 0 ? Number.NaN : a / b)],
    ['//', (a, b) => (b === 0 ? Number.NaN : Math.floor(a / b))],
    ['%', (a, b) => (b === 0 ? Number.NaN : a - b * Math.floor(a / b))],
  ]),
]

const SIGNS: ReadonlyMap<string, (value: number) => number> = new Map<string, (value: number) => number>([
  ['-', (value) => -value],
  ['+', (value) => value],
  ['~', (value) => (Number.isInteger(value) ? -value - 1 : Number.NaN)],
])

const TOKEN =
  /\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z_][\w.]*|\*\*|\/\/|<<|>>|[<>=!]=|[-+*/%()<>,&|^~])/y

function tokensOf(text: string): readonly string[] {
  if (text.length > LONGEST) throw new FormulaProblem(`it is longer than ${LONGEST} characters`)
  const tokens: string[] = []
  const trimmed = text.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < trimmed.length) {
    const from = TOKEN.lastIndex
    const found = TOKEN.exec(trimmed)
    if (found === null) throw new FormulaProblem(`"${trimmed.slice(from, from + 20)}" cannot be read`)
    tokens.push(found[1] ?? '')
  }
  return tokens
}

/** Reads one formula; a new one is made for each. */
class Reader {
  readonly #tokens: readonly string[]
  readonly #names: ReadonlySet<string>
  #at = 0
  #depth = 0

  constructor(text: string, names: ReadonlySet<string>) {
    this.#tokens = tokensOf(text)
    this.#names = names
  }

  read(): Formula {
    const formula = this.#ternary()
    if (this.#at < this.#tokens.length) throw new FormulaProblem(`unexpected ${this.#tokens[this.#at]}`)
    return formula
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false
    this.#at++
    return true
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new FormulaProblem(`${token} is missing`)
  }

  /** Reads something that may hold the like of it. */
  #deeper(read: () => Formula): Formula {
    if (++this.#depth > DEEPEST) throw new FormulaProblem(`it is nested deeper than ${DEEPEST}`)
    const formula = read()
    this.#depth--
    return formula
  }

  #ternary(): Formula {
    return this.#deeper(() => {
      const yes = this.#loose(0)
      if (!this.#take('if')) return yes
      const asked = this.#loose(0)
      this.#expect('else')
      const no = this.#ternary()
      return (names) => (asked(names) === 0 ? no(names) : yes(names))
    })
  }

  #loose(level: number): Formula {
    const operations = LOOSE[level]
    return operations === undefined
      ? this.#negated()
      : this.#between(operations, () => this.#loose(level + 1))
  }

  #negated(): Formula {
    if (!this.#take('not')) return this.#compared()
    const value = this.#deeper(() => this.#negated())
    return (names) => Number(value(names) === 0)
  }

  /** Each value is compared with the next one; one comparison that fails makes the whole chain fail. */
  #compared(): Formula {
    let left = this.#tight(0)
    const chain: Formula[] = []
    for (;;) {
      const operation = COMPARISONS.get(this.#tokens[this.#at] ?? '')
      if (operation === undefined) break
      this.#at++
      const [one, other] = [left, this.#tight(0)]
      chain.push((names) => operation(one(names), other(names)))
      left = other
    }
    return chain.length === 0 ? left : (names) => Number(chain.every((each) => each(names) !== 0))
  }

  #tight(level: number): Formula {
    const operations = TIGHT[level]
    return operations === undefined ? this.#signed() : this.#between(operations, () => this.#tight(level + 1))
  }

  #between(operations: Operations, read: () => Formula): Formula {
    let left = read()
    for (;;) {
      const operation = operations.get(this.#tokens[this.#at] ?? '')
      if (operation === undefined) return left
      this.#at++
      const [before, right] = [left, read()]
      left = (names) => operation(before(names), right(names))
    }
  }

  #signed(): Formula {
    const sign = this.#tokens[this.#at] ?? ''
    const apply = SIGNS.get(sign)
    if (apply !== undefined) {
      this.#at++
      const value = this.#deeper(() => this.#signed())
      return (names) => apply(value(names))
    }
    const base = this.#value()
    if (!this.#take('**')) return base
    const power = this.#signed()
    return (names) => base(names) ** power(names)
  }

  #value(): Formula {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new FormulaProblem('it ends too early')
    if (token === '(') {
      const inner = this.#ternary()
      this.#expect(')')
      return inner
    }
    if (/^[.\d]/.test(token)) return () => Number(token)
    const known = FUNCTIONS.get(token)
    if (known !== undefined && this.#take('(')) return this.#call(token, known)
    const constant = CONSTANTS.get(token)
    if (constant !== undefined) return () => constant
    if (!this.#names.has(token)) throw new FormulaProblem(`"${token}" is not known`)
    return (names) => names.get(token) ?? Number.NaN
  }

  #call(name: string, [apply, least, most]: Known): Formula {
    const values: Formula[] = []
    do values.push(this.#ternary())
    while (this.#take(','))
    this.#expect(')')
    if (values.length < least || values.length > most)
      throw new FormulaProblem(`${name} takes ${howMany(least, most)}`)
    return (names) => apply(...values.map((value) => value(names)))
  }
}

function howMany(least: number, most: number): string {
  if (most === Infinity) return `${least} values and more`
  if (least < most) return `${least} to ${most} values`
  return least === 1 ? '1 value' : `${least} values`
}

/**
 * Reads arithmetic as Python writes it: numbers, names, `+ - * / // % ** << >> & | ^ ~`, comparisons, `and or not`,
 * `a if c else b`, a few functions. Throws FormulaProblem for anything else; nothing of it is ever executed.
 */
export const readFormula = (text: string, names: readonly string[]): Formula =>
  new Reader(text, new Set(names)).read()

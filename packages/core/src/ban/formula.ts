/** Names that a formula may use, with their values: `ban.Time`, `ban.Count`, `banFactor`. */
export type Names = ReadonlyMap<string, number>

/** A formula that can be worked out. NaN where it has no value. */
export type Formula = (names: Names) => number

/** Why a text is no formula. */
export class FormulaProblem extends Error {}

const LONGEST = 500
const DEEPEST = 50

const FUNCTIONS: ReadonlyMap<string, (...values: number[]) => number> = new Map<
  string,
  (...values: number[]) => number
>([
  ['float', (value = 0) => value],
  ['int', (value = 0) => Math.trunc(value)],
  ['round', (value = 0) => Math.round(value)],
  ['abs', (value = 0) => Math.abs(value)],
  ['min', (...values) => Math.min(...values)],
  ['max', (...values) => Math.max(...values)],
  ['pow', (base = 0, power = 0) => base ** power],
  ['math.exp', (value = 0) => Math.exp(value)],
  ['math.log', (value = 0, base = Math.E) => Math.log(value) / Math.log(base)],
  ['math.log2', (value = 0) => Math.log2(value)],
  ['math.log10', (value = 0) => Math.log10(value)],
  ['math.sqrt', (value = 0) => Math.sqrt(value)],
  ['math.pow', (base = 0, power = 0) => base ** power],
  ['math.floor', (value = 0) => Math.floor(value)],
  ['math.ceil', (value = 0) => Math.ceil(value)],
  ['math.sin', (value = 0) => Math.sin(value)],
  ['math.cos', (value = 0) => Math.cos(value)],
  ['math.tan', (value = 0) => Math.tan(value)],
])

const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['math.pi', Math.PI],
  ['math.e', Math.E],
  ['True', 1],
  ['False', 0],
])

type Operation = (left: number, right: number) => number

/** Python's operators between two values, the loosest first. */
const LEVELS: readonly ReadonlyMap<string, Operation>[] = [
  new Map<string, Operation>([['or', (a, b) => (a === 0 ? b : a)]]),
  new Map<string, Operation>([['and', (a, b) => (a === 0 ? a : b)]]),
  new Map<string, Operation>([
    ['<', (a, b) => Number(a < b)],
    ['<=', (a, b) => Number(a <= b)],
    ['>', (a, b) => Number(a > b)],
    ['>=', (a, b) => Number(a >= b)],
    ['==', (a, b) => Number(a === b)],
    ['!=', (a, b) => Number(a !== b)],
  ]),
  // As products: a shift by more than 31 must not wrap around.
  new Map<string, Operation>([
    ['<<', (a, b) => a * 2 ** b],
    ['>>', (a, b) => Math.floor(a / 2 ** b)],
  ]),
  new Map<string, Operation>([
    ['+', (a, b) => a + b],
    ['-', (a, b) => a - b],
  ]),
  new Map<string, Operation>([
    ['*', (a, b) => a * b],
    ['/', (a, b) => (b === 0 ? Number.NaN : a / b)],
    ['//', (a, b) => (b === 0 ? Number.NaN : Math.floor(a / b))],
    ['%', (a, b) => (b === 0 ? Number.NaN : a - b * Math.floor(a / b))],
  ]),
]

const TOKEN =
  /\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z_][\w.]*|\*\*|\/\/|<<|>>|[<>=!]=|[-+*/%()<>,])/y

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

  #ternary(): Formula {
    if (++this.#depth > DEEPEST) throw new FormulaProblem(`it is nested deeper than ${DEEPEST}`)
    const yes = this.#level(0)
    if (this.#take('if')) {
      const asked = this.#level(0)
      this.#expect('else')
      const no = this.#ternary()
      this.#depth--
      return (names) => (asked(names) === 0 ? no(names) : yes(names))
    }
    this.#depth--
    return yes
  }

  #level(level: number): Formula {
    const operations = LEVELS[level]
    if (operations === undefined) return this.#signed()
    let left = this.#level(level + 1)
    for (;;) {
      const operation = operations.get(this.#tokens[this.#at] ?? '')
      if (operation === undefined) return left
      this.#at++
      const before = left
      const right = this.#level(level + 1)
      left = (names) => operation(before(names), right(names))
    }
  }

  #signed(): Formula {
    if (this.#take('-') || this.#take('+') || this.#take('not')) {
      const sign = this.#tokens[this.#at - 1]
      if (++this.#depth > DEEPEST) throw new FormulaProblem(`it is nested deeper than ${DEEPEST}`)
      const value = this.#signed()
      this.#depth--
      if (sign === 'not') return (names) => Number(value(names) === 0)
      return sign === '-' ? (names) => -value(names) : value
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
    const apply = FUNCTIONS.get(token)
    if (apply !== undefined && this.#take('(')) return this.#call(apply)
    const constant = CONSTANTS.get(token)
    if (constant !== undefined) return () => constant
    if (!this.#names.has(token)) throw new FormulaProblem(`"${token}" is not known`)
    return (names) => names.get(token) ?? Number.NaN
  }

  #call(apply: (...values: number[]) => number): Formula {
    const values: Formula[] = []
    do values.push(this.#ternary())
    while (this.#take(','))
    this.#expect(')')
    return (names) => apply(...values.map((value) => value(names)))
  }
}

/**
 * Reads arithmetic as Python writes it: numbers, names, `+ - * / // % ** << >>`, comparisons, `and or not`,
 * `a if c else b`, a few functions. Throws FormulaProblem for anything else; nothing of it is ever executed.
 */
export const readFormula = (text: string, names: readonly string[]): Formula =>
  new Reader(text, new Set(names)).read()

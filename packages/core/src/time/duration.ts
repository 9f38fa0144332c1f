import { FOREVER, type Seconds } from './epoch.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const WEEK = 7 * DAY
/** 365.25 days, so that a month is a twelfth of it. */
const YEAR = 31_557_600
const MONTH = YEAR / 12

/** fail2ban's spellings of each unit. */
const UNITS: ReadonlyMap<string, number> = new Map(
  (
    [
      ['s ss se sec second seconds', 1],
      ['m mm mi min minute minutes', MINUTE],
      ['h hh ho hou hour hours', HOUR],
      ['d dd da day days', DAY],
      ['w ww we wee week weeks', WEEK],
      ['mo mon month months', MONTH],
      ['y yy ye yea year years', YEAR],
    ] as const
  ).flatMap(([names, seconds]) => names.split(' ').map((name): [string, number] => [name, seconds])),
)

type Sign = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '(' | ')'
type Token = number | Sign

const SIGNS: ReadonlySet<string> = new Set(['+', '-', '*', '/', '//', '%', '**', '(', ')'])
const isSign = (text: string | undefined): text is Sign => text !== undefined && SIGNS.has(text)

const TOKEN = /\s*(?:([0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(\*\*|\/\/|[-+*/%()]))/y
const LONGEST = 200

/**
 * Units become factors, and blanks between numbers become sums: `1h30` → `1*3600+30`. As in fail2ban a unit counts only
 * behind a digit or a blank.
 */
function asArithmetic(text: string): string {
  const factor = (name: string): string => {
    const seconds = UNITS.get(name)
    // Months and years are fractions in Python, so that a point behind them is none of their own.
    return seconds === undefined ? name : `*${seconds}${seconds >= MONTH ? '.0' : ''}`
  }
  return text
    .replace(/(?<=[a-z])(?=[0-9])/g, ' ')
    .replace(/(?<=[0-9\s])[a-z]+\b/g, factor)
    .replace(/([0-9])\s+([0-9])/g, '$1+$2')
}

/** Text → numbers and signs. Null: something unknown, or a whole number that begins with zero. */
function tokensOf(text: string): readonly Token[] | null {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text)
    if (found === null) return null
    const [, digits, sign] = found
    if (digits !== undefined) {
      if (/^0+[1-9][0-9]*$/.test(digits)) return null
      tokens.push(Number(digits))
    } else if (isSign(sign)) tokens.push(sign)
  }
  return tokens
}

const PRODUCTS: ReadonlyMap<Token | undefined, (one: number, other: number) => number> = new Map<
  Token | undefined,
  (one: number, other: number) => number
>([
  ['*', (one, other) => one * other],
  ['/', (one, other) => one / other],
  ['//', (one, other) => Math.floor(one / other)],
  ['%', (one, other) => one - Math.floor(one / other) * other],
])

/** Python's arithmetic: sums of products of powers, with signs and brackets; NaN for anything else. */
class Arithmetic {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  value(): number {
    const value = this.#sum()
    return this.#at === this.#tokens.length ? value : Number.NaN
  }

  #sum(): number {
    let value = this.#product()
    for (let sign = this.#tokens[this.#at]; sign === '+' || sign === '-'; sign = this.#tokens[this.#at]) {
      this.#at++
      const next = this.#product()
      value = sign === '+' ? value + next : value - next
    }
    return value
  }

  #product(): number {
    let value = this.#signed()
    for (;;) {
      const operation = PRODUCTS.get(this.#tokens[this.#at])
      if (operation === undefined) return value
      this.#at++
      value = operation(value, this.#signed())
    }
  }

  #signed(): number {
    const token = this.#tokens[this.#at]
    if (token === '-' || token === '+') {
      this.#at++
      return token === '-' ? -this.#signed() : this.#signed()
    }
    const value = this.#single()
    if (this.#tokens[this.#at] !== '**') return value
    this.#at++
    return value ** this.#signed()
  }

  #single(): number {
    const token = this.#tokens[this.#at++]
    if (typeof token === 'number') return token
    if (token !== '(') return Number.NaN
    const value = this.#sum()
    return this.#tokens[this.#at++] === ')' ? value : Number.NaN
  }
}

/**
 * fail2ban's language of durations → whole seconds, or null when it is not one: `600`, `10m`, `1d 12h`, `1h30`,
 * `24*60*60`, `1hour+30min`, `-1`. A remark behind `#` is left out.
 */
export function parseDuration(text: string): Seconds | null {
  const expression = text.split('#', 1)[0]?.trim().toLowerCase() ?? ''
  if (expression === '' || expression.length > LONGEST) return null
  const tokens = tokensOf(asArithmetic(expression))
  if (tokens === null) return null
  const value = new Arithmetic(tokens).value()
  return Number.isFinite(value) ? Math.round(value) + 0 : null
}

const SHOWN = [
  ['w', WEEK],
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', 1],
] as const

/** Seconds → the shortest exact text: `10m`, `1h 30m`, `2w 3d`, `0s`; `for ever` when negative. */
export function formatDuration(seconds: Seconds): string {
  if (seconds <= FOREVER) return 'for ever'
  let rest = Math.round(seconds)
  const parts: string[] = []
  for (const [unit, length] of SHOWN) {
    const count = Math.floor(rest / length)
    if (count > 0) parts.push(`${count}${unit}`)
    rest -= count * length
  }
  return parts.join(' ') || '0s'
}

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
      ['s ss sec second seconds', 1],
      ['m mm min minute minutes', MINUTE],
      ['h hh hou hour hours', HOUR],
      ['d dd da day days', DAY],
      ['w ww we wee week weeks', WEEK],
      ['mo mon month months', MONTH],
      ['y yy yea year years', YEAR],
    ] as const
  ).flatMap(([names, seconds]) => names.split(' ').map((name): [string, number] => [name, seconds])),
)

type Sign = '+' | '-' | '*' | '/' | '(' | ')'
type Token = number | Sign

const isSign = (text: string | undefined): text is Sign => text !== undefined && '+-*/()'.includes(text)

const TOKEN = /\s*(?:([0-9]+(?:\.[0-9]*)?|\.[0-9]+)|([a-z]+)|([-+*/()]))/y
const LONGEST = 200

/** Text → numbers and signs: a unit is a multiplication, a number after a unit is added. Null: something unknown. */
function tokensOf(text: string): readonly Token[] | null {
  const tokens: Token[] = []
  let afterUnit = false
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text)
    if (found === null) return null
    const [, digits, name, sign] = found
    if (digits !== undefined) {
      if (afterUnit) tokens.push('+')
      tokens.push(Number(digits))
    } else if (name !== undefined) {
      const seconds = UNITS.get(name)
      if (seconds === undefined) return null
      tokens.push('*', seconds)
    } else if (isSign(sign)) tokens.push(sign)
    afterUnit = name !== undefined
  }
  return tokens
}

/** Sums of products with signs and brackets; NaN for anything else. */
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
    for (let sign = this.#tokens[this.#at]; sign === '*' || sign === '/'; sign = this.#tokens[this.#at]) {
      this.#at++
      const next = this.#signed()
      value = sign === '*' ? value * next : value / next
    }
    return value
  }

  #signed(): number {
    const token = this.#tokens[this.#at++]
    if (typeof token === 'number') return token
    if (token === '-') return -this.#signed()
    if (token === '+') return this.#signed()
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
  const tokens = tokensOf(expression)
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

/** UTF-16 units from `lo` to `hi`, both included. */
export type Range = readonly [lo: number, hi: number]

/** Ranges in order, apart from each other. */
export type CharSet = readonly Range[]

const LAST = 0xffff

/** Any ranges → the same units in order, joined where they touch. */
export function toCharSet(ranges: readonly Range[]): CharSet {
  const set: [number, number][] = []
  for (const [lo, hi] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = set.at(-1)
    if (last !== undefined && lo <= last[1] + 1) last[1] = Math.max(last[1], hi)
    else set.push([lo, hi])
  }
  return set
}

/** All units that are not in the set. */
export function complement(set: CharSet): CharSet {
  const rest: Range[] = []
  let next = 0
  for (const [lo, hi] of set) {
    if (lo > next) rest.push([next, lo - 1])
    next = hi + 1
  }
  if (next <= LAST) rest.push([next, LAST])
  return rest
}

/** Python's `\s`, which has the separators 0x1c to 0x1f and 0x85, and lacks U+FEFF. */
const SPACE: CharSet = toCharSet([
  [0x09, 0x0d],
  [0x1c, 0x20],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
])
const ASCII_SPACE: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
]
const ASCII_DIGIT: CharSet = [[0x30, 0x39]]
const ASCII_WORD: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]

/** The units for which a test holds; halves of a surrogate pair are left out. */
function scan(holds: RegExp): Range[] {
  const ranges: [number, number][] = []
  for (let unit = 0; unit <= LAST; unit++) {
    if ((unit >= 0xd800 && unit <= 0xdfff) || !holds.test(String.fromCharCode(unit))) continue
    const last = ranges.at(-1)
    if (last?.[1] === unit - 1) last[1] = unit
    else ranges.push([unit, unit])
  }
  return ranges
}

/** What `\d`, `\w` and `\s` stand for: `ascii` for texts of ASCII only, `wide` for all others. */
export type Reading = 'ascii' | 'wide'
export type Category = 'd' | 'w' | 's'

const wide = new Map<Category, CharSet>([['s', SPACE]])

function wideCategory(category: Category): CharSet {
  const known = wide.get(category)
  if (known !== undefined) return known
  // What is beyond U+FFFF comes as two surrogate units. In logs those are pictures, which are no part of a word.
  const set = scan(category === 'd' ? /\p{Nd}/u : /[\p{L}\p{N}_]/u)
  wide.set(category, set)
  return set
}

/** The units of a category, with Python's idea of digits, letters and blanks. */
export function categorySet(category: Category, reading: Reading): CharSet {
  if (category === 's') return SPACE
  if (reading === 'wide') return wideCategory(category)
  return category === 'd' ? ASCII_DIGIT : ASCII_WORD
}

/** The units of a category under Python's flag `a`. */
export function asciiCategory(category: Category): CharSet {
  if (category === 's') return ASCII_SPACE
  return category === 'd' ? ASCII_DIGIT : ASCII_WORD
}

/** A range this wide has no letters that somebody chose one by one. */
const WIDEST_FOLDED = 1024

/** The set with every letter in both cases. */
export function foldCase(set: CharSet): CharSet {
  const folded: Range[] = [...set]
  for (const [lo, hi] of set) {
    for (let unit = lo; unit <= Math.min(hi, lo + WIDEST_FOLDED); unit++) {
      const letter = String.fromCharCode(unit)
      for (const other of [letter.toLowerCase(), letter.toUpperCase()]) {
        if (other.length === 1 && other !== letter) folded.push([other.charCodeAt(0), other.charCodeAt(0)])
      }
    }
  }
  return toCharSet(folded)
}

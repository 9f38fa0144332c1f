import type { Needle } from '@warder/core'

/** So many texts are looked for by two bytes each, which takes less than to look for any number. */
const MOST_PAIRS = 2
/** So far the second of two bytes may be from the first. */
const FARTHEST = 15
/** So many bytes in a row of each of more texts are looked for first. */
const WINDOW = 3
/** A mask has a bit for so many groups of texts. */
const GROUPS = 8
/** Longest text in bytes that is worth comparing. */
const LONGEST = 200
/** So many texts beside one are looked for, and so many bytes of each: there is room for no more. */
const MOST_BESIDE = 5
const LONGEST_BESIDE = 40

/** How often bytes come in logs, roughly: of the rest each is rare. */
const COMMON: readonly (readonly [weight: number, bytes: string])[] = [
  [8, ' etaoinsr0123456789'],
  [4, 'dlucmpfhgbvwyk:.-/[]'],
]
const WEIGHTS = new Map(
  COMMON.flatMap(([weight, bytes]) => Array.from(Buffer.from(bytes), (byte) => [byte, weight])),
)

/** What the search for texts is told. */
export interface Needles {
  readonly by: 'masks' | 'pairs'
  /**
   * What it looks for first. Masks: for each byte of the window 16 for its lower half and 16 for its upper half. Pairs: for each
   * of two texts two bytes, and how far the second is from the first.
   */
  readonly clues: Uint8Array
  /**
   * For each text its bit in the masks or of its pair, and how far into it the window or the first byte lies (1 byte each), its
   * length (2 bytes), how long what is about those beside it is (2 bytes), its bytes, and for each one beside it its length (1
   * byte) and its bytes. Then zeros.
   */
  readonly list: Uint8Array
}

const weightOf = (byte: number | undefined): number => WEIGHTS.get(byte ?? 0) ?? 1

/** Where in a text the three bytes lie that come least often in logs. */
export function windowOf(text: Uint8Array): number {
  const weightAt = (at: number): number =>
    [0, 1, 2].reduce((product, offset) => product * weightOf(text[at + offset]), 1)
  let best = 0
  for (let at = 1; at + WINDOW <= text.length; at++) if (weightAt(at) < weightAt(best)) best = at
  return best
}

/** Where in a text the two bytes lie that come least often in logs, not too far from each other. */
export function pairOf(text: Uint8Array): readonly [first: number, second: number] {
  let best: readonly [number, number] = [0, 1]
  const weightAt = ([first, second]: readonly [number, number]): number =>
    weightOf(text[first]) * weightOf(text[second])
  for (let first = 0; first < text.length; first++)
    for (let second = first + 1; second < text.length && second <= first + FARTHEST; second++)
      if (weightAt([first, second]) < weightAt(best)) best = [first, second]
  return best
}

/** A text in bytes. */
interface Sought {
  readonly bytes: Buffer
  /** For each text beside it its length and its bytes. */
  readonly beside: readonly number[]
}

function toSought({ text, beside }: Needle): Sought {
  const bytes = Buffer.from(text).subarray(0, LONGEST)
  return { bytes, beside: besideOf(beside ?? []) }
}

/** Where there are many, most lines hold one of them: then none is asked for. */
function besideOf(texts: readonly string[]): readonly number[] {
  if (texts.length > MOST_BESIDE) return []
  return texts.flatMap((text) => {
    const bytes = Buffer.from(text).subarray(0, LONGEST_BESIDE)
    return [bytes.length, ...bytes]
  })
}

const inTwoBytes = (length: number): readonly number[] => [length & 255, length >> 8]

/** A text of the list. `into`: how far into it what is looked for first begins. */
const listed = ({ bytes, beside }: Sought, bit: number, into: number): readonly number[] => [
  ...[bit, into, ...inTwoBytes(bytes.length), ...inTwoBytes(beside.length)],
  ...bytes,
  ...beside,
]

const LIST_END = [0, 0, 0, 0]

function byPairs(sought: readonly Sought[]): Needles {
  const all = sought.map((one, index) => {
    const [first, second] = pairOf(one.bytes)
    const clue = [one.bytes[first] ?? 0, one.bytes[second] ?? 0, second - first]
    return { clue, text: listed(one, 1 << index, first) }
  })
  // Of one text both pairs are the same.
  const clues = [...all, ...all].slice(0, MOST_PAIRS).flatMap(({ clue }) => clue)
  const list = [...all.flatMap(({ text }) => text), ...LIST_END]
  return { by: 'pairs', clues: Uint8Array.from(clues), list: Uint8Array.from(list) }
}

/** Those with windows alike go into the same group: the less its masks let through by mixing them up. */
const byWindow = ({ bytes: one }: Sought, { bytes: other }: Sought): number =>
  Buffer.compare(one.subarray(windowOf(one)), other.subarray(windowOf(other)))

function byMasks(all: readonly Sought[]): Needles {
  const clues = new Uint8Array(WINDOW * 32)
  const list: number[] = []
  const sought = all.toSorted(byWindow)
  for (const [index, one] of sought.entries()) {
    const bit = 1 << Math.floor((index * GROUPS) / sought.length)
    const window = windowOf(one.bytes)
    for (let offset = 0; offset < WINDOW; offset++) {
      const byte = one.bytes[window + offset] ?? 0
      const [low, high] = [offset * 32 + (byte & 15), offset * 32 + 16 + (byte >> 4)]
      clues[low] = (clues[low] ?? 0) | bit
      clues[high] = (clues[high] ?? 0) | bit
    }
    list.push(...listed(one, bit, window))
  }
  return { by: 'masks', clues, list: Uint8Array.from([...list, ...LIST_END]) }
}

/** Texts of three characters or more → what the search is told; a long text is looked for by its beginning. */
export function toNeedles(needles: readonly Needle[]): Needles {
  const sought = needles.map(toSought)
  return sought.length > 0 && sought.length <= MOST_PAIRS ? byPairs(sought) : byMasks(sought)
}

import type { Needle } from '@warder/core'

/** So many bytes in a row of each text are looked for first. */
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
  /** For each byte of the window, 16 masks for its lower half and 16 for its upper half. */
  readonly masks: Uint8Array
  /**
   * For each text its bit in the masks and how far into it the window lies (1 byte each), its length (2 bytes), how long what
   * is about those beside it is (2 bytes), its bytes, and for each one beside it its length (1 byte) and its bytes. Then zeros.
   */
  readonly list: Uint8Array
}

/** Where in a text the three bytes lie that come least often in logs. */
export function windowOf(text: Uint8Array): number {
  const weightAt = (at: number): number =>
    [0, 1, 2].reduce((product, offset) => product * (WEIGHTS.get(text[at + offset] ?? 0) ?? 1), 1)
  let best = 0
  for (let at = 1; at + WINDOW <= text.length; at++) if (weightAt(at) < weightAt(best)) best = at
  return best
}

/** A text in bytes, and which three of them are looked for first. */
interface Sought {
  readonly bytes: Buffer
  readonly window: number
  /** For each text beside it its length and its bytes. */
  readonly beside: readonly number[]
}

function toSought({ text, beside }: Needle): Sought {
  const bytes = Buffer.from(text).subarray(0, LONGEST)
  return { bytes, window: windowOf(bytes), beside: besideOf(beside ?? []) }
}

/** Where there are many, most lines hold one of them: then none is asked for. */
function besideOf(texts: readonly string[]): readonly number[] {
  if (texts.length > MOST_BESIDE) return []
  return texts.flatMap((text) => {
    const bytes = Buffer.from(text).subarray(0, LONGEST_BESIDE)
    return [bytes.length, ...bytes]
  })
}

/** Those with windows alike go into the same group: the less its masks let through by mixing them up. */
const byWindow = (one: Sought, other: Sought): number =>
  Buffer.compare(one.bytes.subarray(one.window), other.bytes.subarray(other.window))

const inTwoBytes = (length: number): readonly number[] => [length & 255, length >> 8]

/** Texts of three characters or more → what the search is told; a long text is looked for by its beginning. */
export function toNeedles(needles: readonly Needle[]): Needles {
  const masks = new Uint8Array(WINDOW * 32)
  const list: number[] = []
  const sought = needles.map(toSought).sort(byWindow)
  for (const [index, { bytes, window, beside }] of sought.entries()) {
    const bit = 1 << Math.floor((index * GROUPS) / sought.length)
    for (let offset = 0; offset < WINDOW; offset++) {
      const byte = bytes[window + offset] ?? 0
      const [low, high] = [offset * 32 + (byte & 15), offset * 32 + 16 + (byte >> 4)]
      masks[low] = (masks[low] ?? 0) | bit
      masks[high] = (masks[high] ?? 0) | bit
    }
    list.push(bit, window, ...inTwoBytes(bytes.length), ...inTwoBytes(beside.length), ...bytes, ...beside)
  }
  return { masks, list: Uint8Array.from([...list, 0, 0, 0, 0]) }
}

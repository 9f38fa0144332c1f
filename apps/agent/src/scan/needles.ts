/** So many bytes in a row of each text are looked for first. */
const WINDOW = 3
/** A mask has a bit for so many groups of texts. */
const GROUPS = 8
/** Longest text in bytes that is worth comparing. */
const LONGEST = 200

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
  /** For each text its bit in the masks and how far into it the window lies (1 byte each), its length (2 bytes), its bytes; then zeros. */
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

/** A text, and which three bytes of it are looked for first. */
interface Needle {
  readonly bytes: Buffer
  readonly window: number
}

function toNeedle(text: string): Needle {
  const bytes = Buffer.from(text).subarray(0, LONGEST)
  return { bytes, window: windowOf(bytes) }
}

/** Those with windows alike go into the same group: the less its masks let through by mixing them up. */
const byWindow = (one: Needle, other: Needle): number =>
  Buffer.compare(one.bytes.subarray(one.window), other.bytes.subarray(other.window))

/** Texts of three characters or more → what the search is told; a long text is looked for by its beginning. */
export function toNeedles(texts: readonly string[]): Needles {
  const masks = new Uint8Array(WINDOW * 32)
  const list: number[] = []
  const needles = texts.map(toNeedle).sort(byWindow)
  for (const [index, { bytes, window }] of needles.entries()) {
    const bit = 1 << Math.floor((index * GROUPS) / needles.length)
    for (let offset = 0; offset < WINDOW; offset++) {
      const byte = bytes[window + offset] ?? 0
      const [low, high] = [offset * 32 + (byte & 15), offset * 32 + 16 + (byte >> 4)]
      masks[low] = (masks[low] ?? 0) | bit
      masks[high] = (masks[high] ?? 0) | bit
    }
    list.push(bit, window, bytes.length & 255, bytes.length >> 8, ...bytes)
  }
  return { masks, list: Uint8Array.from([...list, 0, 0, 0, 0]) }
}

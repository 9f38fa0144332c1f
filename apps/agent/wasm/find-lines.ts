// AssemblyScript: TypeScript's syntax, compiled to WebAssembly by `npm run wasm`. Looks for texts in a block of lines, 16
// bytes at a time, and counts the lines on the way.
//
// Of each text three bytes in a row are looked for first. Which texts a byte may belong to is a mask of 8 bits, looked up
// twice: by the lower and by the upper half of the byte. Where the masks of three bytes in a row share a bit, a text may
// begin, and is compared whole. (Known as Teddy, from Hyperscan.)

/** Where the host puts the masks: for each of three bytes 16 for the lower half, then 16 for the upper half. */
const MASKS: usize = 64
/** Where the answer stands: lines counted, where the next call goes on. */
const ANSWER: usize = 0
/** Where it is noted which texts may end where, to look at one by one. */
const LANES: usize = 16
/**
 * Where the host puts the texts: for each its bit in the masks (1 byte), how far in front of its three bytes it begins (1
 * byte), its length (2 bytes), how long what is about those beside it is (2 bytes), its bytes; then for each one beside it
 * its length (1 byte) and its bytes. A length of 0 ends the list.
 */
const TEXTS: usize = 1024
/** Where the start and end of each line go that is found, and for how many there is room. */
const FOUND: usize = 32768
const MOST_FOUND: i32 = 4096

const NEWLINE: u8 = 10

/** Whether a text of one byte or more stands at a place. */
function stands(place: usize, text: usize, length: usize): bool {
  let at: usize = 0
  while (at < length && load<u8>(place + at) === load<u8>(text + at)) at++
  return at === length
}

/** Whether the line around a place, which begins at `from` or behind it, holds a text of two bytes or more. */
function lineHolds(from: usize, end: usize, text: usize): bool {
  const length = <usize>load<u8>(text)
  const first = i8x16.splat(load<u8>(text, 1))
  const second = i8x16.splat(load<u8>(text, 2))
  for (let place = from; place + length <= end; place += 16) {
    let lanes = i8x16.bitmask(
      v128.and(i8x16.eq(v128.load(place), first), i8x16.eq(v128.load(place, 1), second)),
    )
    while (lanes !== 0) {
      const at = place + ctz(lanes)
      if (at + length <= end && stands(at, text + 1, length)) return true
      lanes &= lanes - 1
    }
  }
  return false
}

/** Whether the line around a place holds one of the texts of a list of so many bytes; of an empty list it does. */
function holdsBeside(place: usize, from: usize, list: usize, bytes: usize): bool {
  if (bytes === 0) return true
  const start = lineStart(place, from)
  const end = newlineFrom(place)
  const last = list + bytes
  while (list < last) {
    if (lineHolds(start, end, list)) return true
    list += 1 + <usize>load<u8>(list)
  }
  return false
}

/** Whether one of the texts with these bits stands around a place, no earlier than at `from`, with one beside it. */
function isText(place: usize, from: usize, bits: u32): bool {
  let list = TEXTS
  let length = <usize>load<u16>(list, 2)
  while (length !== 0) {
    const start = place - <usize>load<u8>(list, 1)
    const beside = <usize>load<u16>(list, 4)
    const text = list + 6
    if ((load<u8>(list) & bits) !== 0 && start >= from && stands(start, text, length)) {
      if (holdsBeside(start, from, text + length, beside)) return true
    }
    list = text + length + beside
    length = <usize>load<u16>(list, 2)
  }
  return false
}

/** The place of the next newline; there is one. */
function newlineFrom(place: usize): usize {
  const newlines = i8x16.splat(NEWLINE)
  let found = i8x16.bitmask(i8x16.eq(v128.load(place), newlines))
  while (found === 0) {
    place += 16
    found = i8x16.bitmask(i8x16.eq(v128.load(place), newlines))
  }
  return place + ctz(found)
}

/** Where the line begins that goes on up to a place; no line begins in front of `from`. */
function lineStart(place: usize, from: usize): usize {
  const newlines = i8x16.splat(NEWLINE)
  while (place > from) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(place - 16), newlines))
    if (found !== 0) {
      const start = place + 16 - clz(found)
      return start > from ? start : from
    }
    place -= 16
  }
  return from
}

/**
 * Finds lines that hold one of the texts between two places; at the second one lines end, and behind it are 32 bytes that
 * belong to no text. Answers how many lines it found.
 */
export function find(from: usize, to: usize): i32 {
  const newlines = i8x16.splat(NEWLINE)
  const halves = i8x16.splat(15)
  const none = i8x16.splat(0)
  const low0 = v128.load(MASKS)
  const high0 = v128.load(MASKS + 16)
  const low1 = v128.load(MASKS + 32)
  const high1 = v128.load(MASKS + 48)
  const low2 = v128.load(MASKS + 64)
  const high2 = v128.load(MASKS + 80)
  // The masks of the first and the second byte of the 16 bytes before.
  let before0 = none
  let before1 = none
  let place = from
  let lines: i32 = 0
  let found: i32 = 0
  let out = FOUND
  while (place < to && found < MOST_FOUND) {
    const bytes = v128.load(place)
    const low = v128.and(bytes, halves)
    const high = v128.and(i16x8.shr_u(bytes, 4), halves)
    const masks0 = v128.and(i8x16.swizzle(low0, low), i8x16.swizzle(high0, high))
    const masks1 = v128.and(i8x16.swizzle(low1, low), i8x16.swizzle(high1, high))
    const masks2 = v128.and(i8x16.swizzle(low2, low), i8x16.swizzle(high2, high))
    const first = i8x16.shuffle(
      before0,
      masks0,
      14,
      15,
      16,
      17,
      18,
      19,
      20,
      21,
      22,
      23,
      24,
      25,
      26,
      27,
      28,
      29,
    )
    const second = i8x16.shuffle(
      before1,
      masks1,
      15,
      16,
      17,
      18,
      19,
      20,
      21,
      22,
      23,
      24,
      25,
      26,
      27,
      28,
      29,
      30,
    )
    const masks = v128.and(v128.and(first, second), masks2)
    const ends = i8x16.bitmask(i8x16.eq(bytes, newlines))
    before0 = masks0
    before1 = masks1
    if (v128.any_true(masks)) {
      v128.store(LANES, masks)
      // Where the last of three bytes may be, so that the first one is two in front of it.
      let lanes = 0xffff & ~i8x16.bitmask(i8x16.eq(masks, none))
      while (lanes !== 0 && !isText(place + ctz(lanes) - 2, from, load<u8>(LANES + ctz(lanes))))
        lanes &= lanes - 1
      if (lanes !== 0) {
        const lane = ctz(lanes)
        const end = newlineFrom(place + lane)
        store<u32>(out, <u32>lineStart(place + lane, from))
        store<u32>(out, <u32>end, 4)
        out += 8
        found++
        lines += popcnt(ends & ((1 << lane) - 1)) + 1
        place = end + 1
        before0 = none
        before1 = none
        continue
      }
    }
    lines += popcnt(ends)
    place += 16
  }
  store<u32>(ANSWER, lines)
  store<u32>(ANSWER, <u32>place, 4)
  return found
}

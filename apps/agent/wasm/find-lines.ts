// AssemblyScript: TypeScript's syntax, compiled to WebAssembly by `npm run wasm`. Looks for texts in a block of lines, 16
// bytes at a time, and counts the lines on the way.
//
// Of each text a few bytes are looked for first; where they stand it is compared whole. Of one text or two these are two
// bytes so far from each other. Of more they are three bytes in a row: which texts a byte may belong to is a mask of 8
// bits, looked up twice, by the lower and by the upper half of the byte, and where the masks of three bytes in a row share
// a bit a text may begin. (Known as Teddy, from Hyperscan.)

/**
 * Where the host puts what is looked for first. Masks: for each of three bytes 16 for the lower half, then 16 for the upper
 * half. Pairs: for each of two texts its first byte, its second one, and how far that is from the first.
 */
const CLUES: usize = 64
/** Where the answer stands: lines counted, where the next call goes on, whether any byte is beyond ASCII. */
const ANSWER: usize = 0
/** Where it is noted which texts may end where, to look at one by one. */
const LANES: usize = 16
/**
 * Where the host puts the texts: for each its bit in the masks, or of its pair (1 byte), how far in front of the bytes that are
 * looked for first it begins (1 byte), its length (2 bytes), how long what is about those beside it is (2 bytes), its bytes;
 * then for each one beside it its length (1 byte) and its bytes. A length of 0 ends the list.
 */
const TEXTS: usize = 1024
/** Where the start and end of each line go that is found, counted from the first byte, and for how many there is room. */
const FOUND: usize = 32768
const MOST_FOUND: i32 = 4096
/** Where the host puts the bytes. */
const BYTES: usize = 65536

const NEWLINE: u8 = 10

/** All bits of the bytes that were passed over on the way to the end of a line that was found. */
let seen: v128 = i8x16.splat(0)

/** Whether a text stands at a place; behind both may be read up to 15 bytes. */
function stands(place: usize, text: usize, length: usize): bool {
  let at: usize = 0
  while (at + 16 <= length) {
    if (!i8x16.all_true(i8x16.eq(v128.load(place + at), v128.load(text + at)))) return false
    at += 16
  }
  const left = <i32>(length - at)
  const rest: i32 = (1 << left) - 1
  return (i8x16.bitmask(i8x16.eq(v128.load(place + at), v128.load(text + at))) & rest) === rest
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
  let bytes = v128.load(place)
  let found = i8x16.bitmask(i8x16.eq(bytes, newlines))
  while (found === 0) {
    seen = v128.or(seen, bytes)
    place += 16
    bytes = v128.load(place)
    found = i8x16.bitmask(i8x16.eq(bytes, newlines))
  }
  seen = v128.or(seen, bytes)
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

/** The same 16 masks two places later: in front of them come the last two of those before. */
// prettier-ignore
function twoLater(before: v128, masks: v128): v128 {
  return i8x16.shuffle(before, masks, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29)
}

/** The same one place later. */
// prettier-ignore
function oneLater(before: v128, masks: v128): v128 {
  return i8x16.shuffle(before, masks, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
}

/** Which texts each byte may belong to, by its halves: both are below 16, where relaxed and strict do the same. */
function maskOf(low: v128, high: v128, lows: v128, highs: v128): v128 {
  return v128.and(i8x16.relaxed_swizzle(low, lows), i8x16.relaxed_swizzle(high, highs))
}

/** How many newlines there are in twice 16 bytes. */
function newlinesIn(left: v128, right: v128, newlines: v128): i32 {
  return popcnt(i8x16.bitmask(i8x16.eq(left, newlines)) | (i8x16.bitmask(i8x16.eq(right, newlines)) << 16))
}

/** The bits of the texts whose pairs stand at one of 16 places. */
function bitsAt(lane: i32, inA: i32, inB: i32): u32 {
  return ((inA >> lane) & 1) | (((inB >> lane) & 1) << 1)
}

/** Notes a line that holds a text at a place. Answers where it ends. */
function note(out: usize, place: usize, from: usize): usize {
  const end = newlineFrom(place)
  store<u32>(out, <u32>(lineStart(place, from) - BYTES))
  store<u32>(out, <u32>(end - BYTES), 4)
  return end
}

function answer(lines: i32, place: usize, bits: v128): void {
  store<u32>(ANSWER, lines)
  store<u32>(ANSWER, <u32>place, 4)
  store<u32>(ANSWER, i8x16.bitmask(v128.or(bits, seen)), 8)
}

/**
 * Finds lines that hold one of the texts between two places, by masks; at the second place lines end, and behind it are 64
 * bytes of nothing. Answers how many lines it found.
 */
export function findByMasks(from: usize, to: usize): i32 {
  const newlines = i8x16.splat(NEWLINE)
  const halves = i8x16.splat(15)
  const none = i8x16.splat(0)
  const low0 = v128.load(CLUES)
  const high0 = v128.load(CLUES + 16)
  const low1 = v128.load(CLUES + 32)
  const high1 = v128.load(CLUES + 48)
  const low2 = v128.load(CLUES + 64)
  const high2 = v128.load(CLUES + 80)
  // The masks of the first and the second byte of the 16 bytes before.
  let before0 = none
  let before1 = none
  let bits = none
  let place = from
  let lines: i32 = 0
  let found: i32 = 0
  seen = none
  while (place < to && found < MOST_FOUND) {
    // Nearly everywhere is nothing, so twice 16 bytes are looked at for one question.
    while (place < to) {
      const left = v128.load(place)
      const right = v128.load(place, 16)
      const lowsL = v128.and(left, halves)
      const lowsR = v128.and(right, halves)
      const highsL = v128.and(i16x8.shr_u(left, 4), halves)
      const highsR = v128.and(i16x8.shr_u(right, 4), halves)
      const left0 = maskOf(low0, high0, lowsL, highsL)
      const left1 = maskOf(low1, high1, lowsL, highsL)
      const right0 = maskOf(low0, high0, lowsR, highsR)
      const right1 = maskOf(low1, high1, lowsR, highsR)
      const left2 = maskOf(low2, high2, lowsL, highsL)
      const right2 = maskOf(low2, high2, lowsR, highsR)
      // A text may begin where its three bytes meet, at the place of the last one.
      const inLeft = v128.and(v128.and(twoLater(before0, left0), oneLater(before1, left1)), left2)
      const inRight = v128.and(v128.and(twoLater(left0, right0), oneLater(left1, right1)), right2)
      if (v128.any_true(v128.or(inLeft, inRight))) break
      lines += newlinesIn(left, right, newlines)
      bits = v128.or(bits, v128.or(left, right))
      before0 = right0
      before1 = right1
      place += 32
    }
    if (place >= to) break
    const bytes = v128.load(place)
    const lows = v128.and(bytes, halves)
    const highs = v128.and(i16x8.shr_u(bytes, 4), halves)
    const masks0 = maskOf(low0, high0, lows, highs)
    const masks1 = maskOf(low1, high1, lows, highs)
    const masks2 = maskOf(low2, high2, lows, highs)
    const masks = v128.and(v128.and(twoLater(before0, masks0), oneLater(before1, masks1)), masks2)
    const ends = i8x16.bitmask(i8x16.eq(bytes, newlines))
    bits = v128.or(bits, bytes)
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
        lines += popcnt(ends & ((1 << lane) - 1)) + 1
        place = note(FOUND + 8 * found++, place + lane, from) + 1
        before0 = none
        before1 = none
        continue
      }
    }
    lines += popcnt(ends)
    place += 16
  }
  answer(lines, place, bits)
  return found
}

/** The same by pairs. */
export function findByPairs(from: usize, to: usize): i32 {
  const newlines = i8x16.splat(NEWLINE)
  const a0 = i8x16.splat(load<u8>(CLUES))
  const a1 = i8x16.splat(load<u8>(CLUES, 1))
  const farA = <usize>load<u8>(CLUES, 2)
  const b0 = i8x16.splat(load<u8>(CLUES, 3))
  const b1 = i8x16.splat(load<u8>(CLUES, 4))
  const farB = <usize>load<u8>(CLUES, 5)
  let bits = i8x16.splat(0)
  let place = from
  let lines: i32 = 0
  let found: i32 = 0
  seen = bits
  while (place < to && found < MOST_FOUND) {
    while (place < to) {
      const left = v128.load(place)
      const right = v128.load(place, 16)
      const inLeft = v128.or(
        v128.and(i8x16.eq(left, a0), i8x16.eq(v128.load(place + farA), a1)),
        v128.and(i8x16.eq(left, b0), i8x16.eq(v128.load(place + farB), b1)),
      )
      const inRight = v128.or(
        v128.and(i8x16.eq(right, a0), i8x16.eq(v128.load(place + farA, 16), a1)),
        v128.and(i8x16.eq(right, b0), i8x16.eq(v128.load(place + farB, 16), b1)),
      )
      if (v128.any_true(v128.or(inLeft, inRight))) break
      lines += newlinesIn(left, right, newlines)
      bits = v128.or(bits, v128.or(left, right))
      place += 32
    }
    if (place >= to) break
    const bytes = v128.load(place)
    const inA = i8x16.bitmask(v128.and(i8x16.eq(bytes, a0), i8x16.eq(v128.load(place + farA), a1)))
    const inB = i8x16.bitmask(v128.and(i8x16.eq(bytes, b0), i8x16.eq(v128.load(place + farB), b1)))
    const ends = i8x16.bitmask(i8x16.eq(bytes, newlines))
    bits = v128.or(bits, bytes)
    let lanes = inA | inB
    while (lanes !== 0 && !isText(place + ctz(lanes), from, bitsAt(ctz(lanes), inA, inB))) lanes &= lanes - 1
    if (lanes === 0) {
      lines += popcnt(ends)
      place += 16
      continue
    }
    const lane = ctz(lanes)
    lines += popcnt(ends & ((1 << lane) - 1)) + 1
    place = note(FOUND + 8 * found++, place + lane, from) + 1
  }
  answer(lines, place, bits)
  return found
}

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
/**
 * Where the host puts the texts: for each how far in front of its three bytes it begins (1 byte), its length (2 bytes), its
 * bytes; a length of 0 ends the list.
 */
const TEXTS: usize = 1024
/** Where the start and end of each line go that is found, and for how many there is room. */
const FOUND: usize = 32768
const MOST_FOUND: i32 = 4096

const NEWLINE: u8 = 10

/** The masks of the texts that 16 bytes may belong to. */
function masksOf(bytes: v128, masks: usize): v128 {
  const low = i8x16.swizzle(v128.load(masks), v128.and(bytes, i8x16.splat(15)))
  const high = i8x16.swizzle(v128.load(masks + 16), i8x16.shr_u(bytes, 4))
  return v128.and(low, high)
}

/** Whether one of the texts stands around a place, and begins no earlier than at `from`. */
function isText(place: usize, from: usize): bool {
  let list = TEXTS
  let length = <usize>load<u16>(list, 1)
  while (length !== 0) {
    const start = place - <usize>load<u8>(list)
    list += 3
    if (start >= from) {
      let at: usize = 0
      while (at < length && load<u8>(start + at) === load<u8>(list + at)) at++
      if (at === length) return true
    }
    list += length
    length = <usize>load<u16>(list, 1)
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

/**
 * Finds lines that hold one of the texts between two places; at the second one lines end, and behind it are 32 bytes that
 * belong to no text. Answers how many lines it found.
 */
export function find(from: usize, to: usize): i32 {
  const newlines = i8x16.splat(NEWLINE)
  let place = from
  let start = from
  let lines: i32 = 0
  let found: i32 = 0
  let out = FOUND
  while (place < to && found < MOST_FOUND) {
    const bytes = v128.load(place)
    const ends = i8x16.bitmask(i8x16.eq(bytes, newlines))
    const masks = v128.and(
      v128.and(masksOf(bytes, MASKS), masksOf(v128.load(place, 1), MASKS + 32)),
      masksOf(v128.load(place, 2), MASKS + 64),
    )
    if (v128.any_true(masks)) {
      let lanes = 0xffff & ~i8x16.bitmask(i8x16.eq(masks, i8x16.splat(0)))
      while (lanes !== 0 && !isText(place + ctz(lanes), from)) lanes &= lanes - 1
      if (lanes !== 0) {
        const lane = ctz(lanes)
        const before = ends & ((1 << lane) - 1)
        if (before !== 0) start = place + (32 - clz(before))
        const end = newlineFrom(place + lane)
        store<u32>(out, <u32>start)
        store<u32>(out, <u32>end, 4)
        out += 8
        found++
        lines += popcnt(before) + 1
        place = end + 1
        start = place
        continue
      }
    }
    if (ends !== 0) {
      lines += popcnt(ends)
      start = place + (32 - clz(ends))
    }
    place += 16
  }
  store<u32>(ANSWER, lines)
  store<u32>(ANSWER, <u32>place, 4)
  return found
}

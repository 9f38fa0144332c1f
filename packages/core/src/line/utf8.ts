const REPLACEMENT = '\uFFFD'

/** How a lead byte goes on: how many bytes follow, its own bits, and the bounds of the byte that follows. */
interface Lead {
  readonly more: number
  readonly bits: number
  readonly low: number
  readonly high: number
}

/** Bytes → text. What is not UTF-8 becomes U+FFFD, once for each part that no character can begin with. */
export function decodeUtf8(bytes: readonly number[]): string {
  let text = ''
  let at = 0
  while (at < bytes.length) {
    const first = bytes[at] ?? 0
    at += 1
    const lead = leadOf(first)
    if (lead === null) {
      text += first >= 0 && first < 0x80 ? String.fromCharCode(first) : REPLACEMENT
      continue
    }
    let { more, bits, low, high } = lead
    for (; more > 0; more -= 1) {
      const next = bytes[at]
      if (next === undefined || next < low || next > high) break
      bits = (bits << 6) | (next & 0x3f)
      ;[low, high] = [0x80, 0xbf]
      at += 1
    }
    text += more === 0 ? String.fromCodePoint(bits) : REPLACEMENT
  }
  return text
}

/** Null: the byte leads nothing. The bounds keep out overlong forms, surrogates and what lies above U+10FFFF. */
function leadOf(byte: number): Lead | null {
  if (byte >= 0xc2 && byte <= 0xdf) return { more: 1, bits: byte & 0x1f, low: 0x80, high: 0xbf }
  if (byte >= 0xe0 && byte <= 0xef)
    return { more: 2, bits: byte & 0x0f, low: byte === 0xe0 ? 0xa0 : 0x80, high: byte === 0xed ? 0x9f : 0xbf }
  if (byte >= 0xf0 && byte <= 0xf4)
    return { more: 3, bits: byte & 0x07, low: byte === 0xf0 ? 0x90 : 0x80, high: byte === 0xf4 ? 0x8f : 0xbf }
  return null
}

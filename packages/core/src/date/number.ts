const DIGIT = /^\p{Nd}$/u
const OTHER_DIGIT = /(?![0-9])\p{Nd}/gu

/** The value of a digit of any script: digits come in runs of ten. */
function valueOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (DIGIT.test(String.fromCodePoint(zero - 1))) zero--
  return (code - zero) % 10
}

/** Digits of all scripts → those of ASCII, which are the ones that numbers are read from. */
export const toAsciiDigits = (text: string): string =>
  text.replace(OTHER_DIGIT, (digit) => String(valueOf(digit)))

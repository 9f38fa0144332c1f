/** The lines of a value, without blanks around them and without empty ones. */
export const linesOf = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => line.trim() || [])

/** The lines of a value that are not empty, with the blanks around them: in an expression they count. */
export const fullLinesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')

/** A whole number as Python reads one. */
export function wholeNumber(text: string): number | null {
  const digits = text.trim()
  return /^[+-]?\d+(?:_\d+)*$/.test(digits) ? Number(digits.replaceAll('_', '')) : null
}

/** What to say of a value that cannot be read for what stands behind it. */
export const remarkHint = (text: string): string =>
  text.includes('#') ? ' (a remark behind a value needs ; in place of #)' : ''

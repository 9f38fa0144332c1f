const RETURN = 0x0d

/** Where a line ends in front of its newline at `end`: carriage returns there, however many, are part of the newline. */
export function endOfLine(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start && bytes[at - 1] === RETURN) at--
  return at
}

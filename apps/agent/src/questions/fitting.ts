import { ANSWER_LIMIT_BYTES, LINES_LIMIT } from '@warder/protocol'

/** As many of the newest lines as an answer takes, oldest first; `cut`: there were more. */
export function newestFitting<Line>(
  lines: readonly Line[],
  limitBytes = ANSWER_LIMIT_BYTES,
): { readonly lines: Line[]; readonly cut: boolean } {
  const fitting: Line[] = []
  let room = limitBytes
  for (const line of lines.slice(-LINES_LIMIT).toReversed()) {
    // Attackers write bytes that JSON needs six for.
    room -= Buffer.byteLength(JSON.stringify(line)) + 1
    if (room < 0) break
    fitting.push(line)
  }
  return { lines: fitting.toReversed(), cut: fitting.length < lines.length }
}

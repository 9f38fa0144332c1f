import { CONTROL_LINE_BYTES, controlAnswer, type ControlAnswer } from '@warder/protocol/control'

const TOO_LARGE: ControlAnswer = {
  ok: false,
  message: 'the answer is too large',
  remedy: 'Ask for one address or one jail.',
}

/**
 * An answer → the lines that it is sent in, made one at a time: a list of bans has no end that would fit into one, so
 * each line takes as many as fit and says that more follow.
 */
export function* linesOf(answer: ControlAnswer): Generator<string> {
  if (!answer.ok || answer.bans === undefined) {
    yield lineOf(answer)
    return
  }
  const { bans, ...rest } = answer
  let [part, length]: [typeof bans, number] = [[], 0]
  for (const ban of bans) {
    const more = JSON.stringify(ban).length
    if (length > 0 && length + more > CONTROL_LINE_BYTES / 4) {
      yield lineOf({ ok: true, bans: part, more: true })
      ;[part, length] = [[], 0]
    }
    part.push(ban)
    length += more
  }
  yield lineOf({ ...rest, bans: part })
}

function lineOf(answer: ControlAnswer): string {
  const text = JSON.stringify(answer)
  return `${text.length <= CONTROL_LINE_BYTES ? text : JSON.stringify(TOO_LARGE)}\n`
}

/** The lines of an answer → the answer; null where they are none, or break off before the last. */
export function answerIn(lines: readonly string[]): ControlAnswer | null {
  const bans = []
  for (const [at, line] of lines.entries()) {
    const answer = parse(line)
    if (answer === null || !answer.ok) return answer
    for (const ban of answer.bans ?? []) bans.push(ban)
    if (answer.more) continue
    if (at < lines.length - 1) return null
    return answer.bans === undefined ? answer : { ...answer, bans }
  }
  return null
}

function parse(line: string): ControlAnswer | null {
  try {
    const checked = controlAnswer.safeParse(JSON.parse(line))
    return checked.success ? checked.data : null
  } catch {
    return null
  }
}

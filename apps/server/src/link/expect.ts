import { AppError, type Answer, type ErrorCode } from '@warder/protocol'

const REFUSALS: Readonly<Record<Extract<Answer, { kind: 'refused' }>['code'], ErrorCode>> = {
  'source-unknown': 'source.unknown',
  'source-unreadable': 'source.unreadable',
  failed: 'node.failed',
}

/** The answer of the kind that was asked for. @throws AppError what the node said instead */
export function expect<K extends Answer['kind']>(kind: K, answer: Answer): Extract<Answer, { kind: K }> {
  if (isOf(kind, answer)) return answer
  if (answer.kind === 'refused') throw new AppError(REFUSALS[answer.code], `The node says: ${answer.reason}.`)
  throw new AppError('node.failed', 'The node answered something else than was asked.')
}

const isOf = <K extends Answer['kind']>(kind: K, answer: Answer): answer is Extract<Answer, { kind: K }> =>
  answer.kind === kind

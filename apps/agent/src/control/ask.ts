import { connect } from 'node:net'
import { CONTROL_LINE_BYTES, type ControlAnswer, type ControlRequest } from '@warder/protocol/control'
import { answerIn } from './lines.ts'

const PATIENCE_MS = 60_000
const MOST_LINES = 1_000

/** No agent answers at the socket. */
export class NotRunning extends Error {
  constructor(path: string, reason: string) {
    super(`the agent is not running: nothing answers at ${path} (${reason})`)
  }
}

/** Asks the running agent. @throws NotRunning, or an Error when the answer is not one */
export function ask(path: string, request: ControlRequest): Promise<ControlAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ControlAnswer>()
  const lines: string[] = []
  let text = ''
  const socket = connect(path)
  socket.setEncoding('utf8')
  socket.setTimeout(PATIENCE_MS, () =>
    socket.destroy(new Error(`the agent did not answer within ${PATIENCE_MS / 1_000} s`)),
  )
  socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
  socket.on('data', (chunk: string) => {
    const parts = `${text}${chunk}`.split('\n')
    text = parts.pop() ?? ''
    lines.push(...parts)
    // Lines are bounded by the agent; this bounds an impostor.
    if (text.length > 2 * CONTROL_LINE_BYTES || lines.length > MOST_LINES)
      socket.destroy(new Error('the answer of the agent is too large'))
  })
  socket.on('error', (err) => {
    if (
      'code' in err &&
      typeof err.code === 'string' &&
      ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes(err.code)
    ) {
      reject(new NotRunning(path, err.code))
    } else reject(err)
  })
  socket.on('close', () => {
    const answer = answerIn(lines)
    if (answer) resolve(answer)
    else reject(new Error('the agent gave no answer that this release understands'))
  })
  return promise
}

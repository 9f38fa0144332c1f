import { AppError, ERRORS, type ErrorCode } from '@warder/protocol'
import type { ErrorView } from '@warder/protocol/api'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { Socket } from 'node:net'

/** An error as it is answered: a status and the one form that every error has. */
export interface ErrorAnswer {
  readonly status: number
  readonly body: ErrorView
}

const answerOf = (code: ErrorCode, message?: string): ErrorAnswer => ({
  status: ERRORS[code][0],
  body: { code, message: message ?? ERRORS[code][1], remedy: ERRORS[code][2] },
})

interface Violation {
  readonly instancePath: string
  readonly message?: string
}

/** `/nodes/0` and `Invalid input` → `nodes.0: invalid input`. */
function inWords(part: string | undefined, violations: readonly Violation[]): string {
  const said = violations.slice(0, 5).map(({ instancePath, message = 'does not fit' }) => {
    const field =
      instancePath.slice(1).replaceAll('/', '.') || (part === 'querystring' ? 'the query' : 'the body')
    return `${field}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
  })
  return `${said.join('; ')}.`
}

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'route.unknown',
  413: 'body.large',
  429: 'rate.limited',
}

/** Any error → its answer. What we did not foresee is answered without a word about the inside. */
export function toAnswer(err: unknown): ErrorAnswer {
  if (err instanceof AppError)
    return { status: err.status, body: { code: err.code, message: err.message, remedy: err.remedy } }
  if (hasZodFastifySchemaValidationErrors(err)) {
    return answerOf('input.invalid', inWords(err.validationContext, err.validation))
  }
  const { statusCode = 500, code = '' } = err instanceof Error ? (err as Partial<FastifyError>) : {}
  const known = BY_STATUS[statusCode]
  if (known) return answerOf(known)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return answerOf('input.invalid', 'The body must be JSON (content-type: application/json).')
  if (code.startsWith('FST_ERR_CTP_')) return answerOf('input.invalid', 'The body is not valid JSON.')
  if (code === 'FST_ERR_BAD_URL') return answerOf('input.invalid', 'The path is not a valid URL.')
  if (statusCode >= 400 && statusCode < 500) return answerOf('input.invalid')
  return answerOf('server.broken')
}

/** Answers an error, and logs it when it is our mistake. */
export function answerErrors(err: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = toAnswer(err)
  if (status >= 500 && !(err instanceof AppError))
    request.log.error({ err, method: request.method, url: request.url }, 'a request broke the server')
  void reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body)
}

/** Answers bytes that are not even HTTP. */
export function answerBrokenRequest(err: Error & { code?: string }, socket: Socket): void {
  if (err.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy()
  const body = JSON.stringify(answerOf('input.invalid', 'The request is not valid HTTP.').body)
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

import { AppError } from '@warder/protocol'
import type { FastifyRequest } from 'fastify'

/** A number as an entity tag. */
export const etagOf = (revision: number): string => `"${revision}"`

/** What a change was made from. `any`: whatever is there. */
export type Base = { readonly kind: 'any' } | { readonly kind: 'number'; readonly number: number }

/** The If-Match header → the number in it; null without one. @throws AppError input.invalid */
export function ifMatch(request: FastifyRequest): Base | null {
  const header = request.headers['if-match']?.trim()
  if (header === undefined) return null
  if (header === '*') return { kind: 'any' }
  const number = /^(?:W\/)?"(\d{1,15})"$/.exec(header)?.[1]
  if (number === undefined)
    throw new AppError('input.invalid', 'If-Match: must be the ETag of what was read, such as "7".')
  return { kind: 'number', number: Number(number) }
}

/**
 * The revision that a change was made from: by If-Match, else by `base` of the body; undefined: whatever is there.
 * @throws AppError precondition.failed where If-Match names another one than is there
 */
export function baseOf(
  request: FastifyRequest,
  body: number | undefined,
  newest: number,
): number | undefined {
  const header = ifMatch(request)
  if (header === null) return body
  if (header.kind === 'any') return body
  if (header.number !== newest)
    throw new AppError(
      'precondition.failed',
      `The settings are at revision ${newest} by now; If-Match says ${header.number}.`,
    )
  return header.number
}

/** The same where a change must say what it was made from. @throws AppError precondition.missing */
export function requiredBaseOf(
  request: FastifyRequest,
  body: number | undefined,
  newest: number,
): number | undefined {
  if (ifMatch(request) === null && body === undefined) throw new AppError('precondition.missing')
  return baseOf(request, body, newest)
}

import type { ErrorView } from '@warder/protocol/api'
import { t } from '../language/t.ts'

/** What went wrong, in words, and what to do about it. */
export type Problem = ErrorView

/** A request that did not succeed. */
export class ApiError extends Error {
  readonly status: number
  readonly problem: Problem

  constructor(status: number, problem: Problem) {
    super(problem.message)
    this.status = status
    this.problem = problem
  }
}

/** The server did not answer at all. */
export const unreachable = (): Problem => ({
  code: 'server.unreachable',
  message: t('The server cannot be reached.'),
  remedy: t('Check that warder-server runs and that this device can reach it. The page keeps trying.'),
})

/** An answer's status and body → the problem to show. Bodies that are not ours (a proxy's page) are put into words. */
export function problemOf(status: number, body: unknown): Problem {
  if (isProblem(body)) return { code: body.code, message: body.message, remedy: body.remedy }
  if (status === 502 || status === 503 || status === 504) return unreachable()
  return {
    code: 'answer.unreadable',
    message: t("The answer (status {status}) is not one of Warder's.", { status: String(status) }),
    remedy: t('If there is a proxy in between, look at its log and check that it passes /api on unchanged.'),
  }
}

/** Anything that was thrown → the problem to show. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  return {
    code: 'page.broken',
    message: error instanceof Error ? error.message : t('Something unexpected happened in the page.'),
    remedy: t('Reload the page. If it happens again, please report it with the steps that lead to it.'),
  }
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false
  const at = (key: string): unknown => Reflect.get(body, key)
  return (
    typeof at('code') === 'string' && typeof at('message') === 'string' && typeof at('remedy') === 'string'
  )
}

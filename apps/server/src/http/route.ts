import { errorView } from '@warder/protocol/api'
import * as z from 'zod'

/** The error answers that every route of the API documents. */
export const ERROR_ANSWERS = { '4xx': errorView, '5xx': errorView } as const

/** The answer of a call that has nothing to say. */
export const NOTHING = z.null().describe('Done.')

/** A path of PATHS that was given `:name` for what varies → the pattern of a route. */
export const pattern = (path: string): string => path.replaceAll('%3A', ':')

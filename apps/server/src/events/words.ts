import type { NodeEvent } from '@warder/core'
import { AppError } from '@warder/protocol'

/** Most characters of one event that can be found by. */
const MOST = 4_000
/** Longest question, and most words of one. */
export const SEARCH_LIMIT = 200
const WORDS = 8

/** The texts of an event that a search looks into: log lines, names, reasons. Null: there is nothing to find. */
export function wordsOf(event: NodeEvent): string | null {
  const texts = 'ban' in event ? textsOfBan(event.ban) : textsOf(event)
  return texts.length === 0 ? null : texts.join('\n').slice(0, MOST)
}

const textsOfBan = ({ ip, jail, ticket, by, reason }: Extract<NodeEvent, { kind: 'ban.added' }>['ban']) =>
  [ip, jail, by, reason, ...(ticket?.users ?? []), ...(ticket?.lines ?? [])].filter(
    (text) => text !== undefined,
  )

const FIELDS = ['ip', 'jail', 'user', 'line', 'reason', 'source', 'by'] as const

const textsOf = (event: NodeEvent): string[] =>
  FIELDS.flatMap((field) => {
    const text: unknown = field in event ? Reflect.get(event, field) : undefined
    return typeof text === 'string' ? [text] : []
  })

/** One thing to be found: a word or a phrase, or what begins with it. */
export interface Term {
  readonly text: string
  readonly begins: boolean
}

/**
 * What somebody typed → what must all be found. Blanks part words, quotes hold a phrase together, a `*` at the end of a
 * word finds what begins with it; no other character has a meaning. Empty: nothing to look for.
 */
export function termsOf(typed: string): readonly Term[] {
  const found = typed.slice(0, SEARCH_LIMIT).matchAll(/"([^"]*)"?|[^\s"]+/g)
  return [...found]
    .map(([all, phrase]) => phrase ?? all)
    .map((text) => ({ text: text.replace(/\*+$/, ''), begins: text.endsWith('*') }))
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
    .slice(0, WORDS)
}

/** `q` of a query → what must be found; undefined: it was not asked for. @throws AppError input.invalid */
export function queryTermsOf(q: string | undefined): readonly Term[] | undefined {
  if (q === undefined) return undefined
  const terms = termsOf(q)
  if (terms.length === 0) throw new AppError('input.invalid', 'q: there is no word in it to look for.')
  return terms
}

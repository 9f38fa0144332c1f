import { inForce, perLanguage } from './in-force.ts'
import { fill, piecesOf, withoutRemark, type Piece, type Said, type Values } from './message.ts'

const numbers = perLanguage((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }))
const plurals = perLanguage((locale) => new Intl.PluralRules(locale))
const NONE: Values = {}

/** 1234567 → `1,234,567`, as the language in force writes it. */
export const formatCount = (count: number): string => numbers().format(count)

/** A message for `Sentence.svelte`, which draws its marks: `said('Read <a>the manual</a> on {node}', { node })`. */
export function said(message: string, values: Values = NONE): Said {
  const known = inForce().catalogue[message]
  return { text: typeof known === 'string' ? known : withoutRemark(message), values }
}

/** The same with a number that decides the form; `{count}` is its place. */
export function counted(count: number, one: string, several: string, values: Values = NONE): Said {
  const known = inForce().catalogue[several]
  const all = { count, ...values }
  if (typeof known === 'object') return { text: known[plurals().select(count)] ?? known.other, values: all }
  return { text: withoutRemark(count === 1 ? one : several), values: all }
}

/**
 * A text in the language in force. The English text is the key, whole sentences with named places:
 * `t('Ban {address} on every node', { address })`. What no catalogue has is English.
 */
export function t(message: string, values: Values = NONE): string {
  const { text } = said(message, values)
  return values === NONE ? text : fill(text, values, formatCount)
}

/** A text with a number that decides its form: `n(bans, '{count} ban', '{count} bans')`. */
export function n(count: number, one: string, several: string, values: Values = NONE): string {
  const { text, values: all } = counted(count, one, several, values)
  return fill(text, all, formatCount)
}

/**
 * Marks a text that is written down before anybody speaks: in a table of a module, which is read once. It stays
 * English there; `t` says it where it is shown.
 */
export const english = <Text extends string>(message: Text): Text => message

/** A message with all its places filled, as text. */
export const plain = ({ text, values }: Said): string => fill(text, values, formatCount)

/** A message → the pieces that a screen draws. */
export const pieces = (message: Said): readonly Piece[] => piecesOf(message, formatCount)

/** What stands in a place of a message. A number is written as the language writes numbers: an id or a port is a text. */
export type Value = string | number | null | undefined
export type Values = Readonly<Record<string, Value>>

/** The forms of a message that counts, by the plural categories of its language: `one`, `many`, `other`. */
export type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string }

/** The messages of a language by their English text; of those that count, by the English text for several. */
export type Catalogue = Readonly<Record<string, string | Forms>>

/** A message in a language, its places not filled yet. */
export interface Said {
  readonly text: string
  readonly values: Values
}

/** A piece of a message: text, or a place with a name for what the screen draws there; `inner` is the text within its marks. */
export type Piece = string | { readonly name: string; readonly inner: string }

/** English with a remark for translators behind a bar (`Ban|as a verb`) → what is shown. */
export const withoutRemark = (message: string): string => {
  const bar = message.indexOf('|')
  return bar < 0 ? message : message.slice(0, bar)
}

/** Fills the places of a text that are among the values; nothing is an empty text. */
export const fill = (text: string, values: Values, write: (count: number) => string): string =>
  text.replaceAll(/\{(\w+)\}/g, (place, name: string) => {
    if (!Object.hasOwn(values, name)) return place
    const value = values[name] ?? ''
    return typeof value === 'number' ? write(value) : value
  })

const MARKS = /<(\w+)>(.*?)<\/\1>|\{(\w+)\}/g

/**
 * A message with marks (`Read <a>the manual</a> on {node}`) → its pieces in order. Marks are looked for before values
 * are put in: a value, which may be an attacker's, is never taken for one. A place without a value is a piece too.
 */
export function piecesOf({ text, values }: Said, write: (count: number) => string): readonly Piece[] {
  const pieces: Piece[] = []
  let done = 0
  for (const found of text.matchAll(MARKS)) {
    const [whole, mark, inner = '', place = ''] = found
    if (mark === undefined && Object.hasOwn(values, place)) continue
    pieces.push(fill(text.slice(done, found.index), values, write))
    pieces.push({ name: mark ?? place, inner: fill(inner, values, write) })
    done = found.index + whole.length
  }
  return [...pieces, fill(text.slice(done), values, write)].filter((piece) => piece !== '')
}

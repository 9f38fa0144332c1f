/** A document that was checked before it was written → its text in a column. */
export const toText = (document: unknown): string => JSON.stringify(document)

/** The text of a column → the document. Only for what this server wrote after checking it. */
export function fromText<T>(text: string): T {
  const document: T = JSON.parse(text)
  return document
}

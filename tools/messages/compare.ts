// What a catalogue lacks, or has too much of, beside the messages of the source.
import { readFileSync } from 'node:fs'
import { inRoot } from '../root.ts'
import type { Message } from './collect.ts'

/** The languages that have a catalogue. English is the source. */
export const CATALOGUE_CODES = ['de', 'es', 'fr', 'it', 'pt'] as const
export type CatalogueCode = (typeof CATALOGUE_CODES)[number]
export type Entry = string | Readonly<Record<string, string>>
export type Entries = Readonly<Record<string, Entry>>

/** Where the catalogue of a language lies. */
export const catalogueFile = (code: CatalogueCode): string => inRoot('apps/web/src/language', `${code}.json`)

/** The catalogue of a language as its file has it. */
export const readEntries = (code: CatalogueCode): Entries =>
  JSON.parse(readFileSync(catalogueFile(code), 'utf8'))

const MARK = /<\/?\w+>|\{\w+\}/g
const NUMBER = '{count}'

/** The places and marks of a text, each once, in order of their names. */
const placesOf = (text: string): readonly string[] => [...new Set(text.match(MARK) ?? [])].sort()

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, at) => one === b[at])

/** The messages that a catalogue does not have. */
export const missingIn = (entries: Entries, messages: readonly Message[]): readonly string[] =>
  messages.filter(({ key }) => !Object.hasOwn(entries, key)).map(({ key }) => key)

/** The entries that nothing in the source says. */
export function unusedIn(entries: Entries, messages: readonly Message[]): readonly string[] {
  const used = new Set(messages.map(({ key }) => key))
  return Object.keys(entries).filter((key) => !used.has(key))
}

/** What is wrong with the entries that there are: a sentence for each. */
export function faultsIn(
  code: CatalogueCode,
  entries: Entries,
  messages: readonly Message[],
): readonly string[] {
  const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories
  return messages.flatMap(({ key, one }) => {
    const entry = Object.hasOwn(entries, key) ? entries[key] : undefined
    if (entry === undefined) return []
    if (one === null)
      return typeof entry === 'string'
        ? placesIn(key, [key], entry)
        : [`“${key}” does not count: it takes one text`]
    if (typeof entry === 'string') return [`“${key}” counts: it takes the forms ${forms.join(', ')}`]
    const lacking = forms.filter((form) => !Object.hasOwn(entry, form))
    const unknown = Object.keys(entry).filter((form) => !forms.some((known) => known === form))
    return [
      ...lacking.map((form) => `“${key}” lacks the form “${form}”, which the language has`),
      ...unknown.map((form) => `“${key}” has the form “${form}”, which the language does not have`),
      ...Object.values(entry).flatMap((text) => placesIn(key, [one, key], text)),
    ]
  })
}

/** A translation has the places of its English text; one that counts may leave the number out, as “once” does. */
function placesIn(key: string, english: readonly string[], text: string): readonly string[] {
  if (text.trim() === '') return [`“${key}” is empty`]
  if (text.includes('|'))
    return [`“${key}” has a bar: the remark behind it is for translators, not for readers`]
  const counts = english.length > 1
  const without = (places: readonly string[]) =>
    counts ? places.filter((place) => place !== NUMBER) : places
  const wanted = english.map((one) => without(placesOf(one)))
  const has = without(placesOf(text))
  if (wanted.some((places) => isSame(places, has))) return []
  const [first = []] = wanted.slice(-1)
  return [
    ...first.filter((place) => !has.includes(place)).map((place) => `“${key}” lacks ${place} in “${text}”`),
    ...has
      .filter((place) => !first.includes(place))
      .map((place) => `“${key}” knows no ${place}, which is in “${text}”`),
  ]
}

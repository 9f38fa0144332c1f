/** A language of the dashboard, by its BCP 47 code. */
export type Language = 'en' | 'de' | 'fr' | 'es' | 'it' | 'pt'

interface Spoken {
  readonly code: Language
  /** What it is called in itself, for those who read no other. */
  readonly name: string
  /** Whose dates, numbers and plurals it uses. English writes days before months and counts 24 hours, as logs do. */
  readonly locale: string
}

/** English is the source: its texts stand in the code, and it needs no catalogue. */
export const ENGLISH: Spoken = { code: 'en', name: 'English', locale: 'en-GB' }

/** Every language, in the order in which they are offered. */
export const LANGUAGES: readonly Spoken[] = [
  { code: 'de', name: 'Deutsch', locale: 'de' },
  ENGLISH,
  { code: 'es', name: 'Español', locale: 'es' },
  { code: 'fr', name: 'Français', locale: 'fr' },
  { code: 'it', name: 'Italiano', locale: 'it' },
  { code: 'pt', name: 'Português', locale: 'pt' },
]

/** The language with a code; undefined: there is none. */
export const languageOf = (code: string | null): Spoken | undefined =>
  LANGUAGES.find((one) => one.code === code)

/** What somebody reads, the dearest first (`de-AT`, `en`) → the first of them that there is; else English. */
export function preferred(wanted: readonly string[]): Language {
  const codes = wanted.map((tag) => tag.toLowerCase().split('-')[0] ?? '')
  return codes.map((code) => languageOf(code)?.code).find((code) => code !== undefined) ?? 'en'
}

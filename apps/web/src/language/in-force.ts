import { SvelteMap } from 'svelte/reactivity'
import { ENGLISH, languageOf, type Language } from './languages.ts'
import type { Catalogue } from './message.ts'

/** The language that is in force with its messages. A map of Svelte's: whoever reads it is drawn anew when it changes. */
interface InForce {
  readonly code: Language
  readonly locale: string
  readonly catalogue: Catalogue
}

const IN_ENGLISH: InForce = { code: ENGLISH.code, locale: ENGLISH.locale, catalogue: {} }
const held = new SvelteMap<'now', InForce>([['now', IN_ENGLISH]])

/** What is in force now. */
export const inForce = (): InForce => held.get('now') ?? IN_ENGLISH

/** Brings a language into force. */
export const bring = (code: Language, catalogue: Catalogue): void => {
  const { locale } = languageOf(code) ?? ENGLISH
  held.set('now', { code, locale, catalogue })
}

/** Something that is made once for each language, when it is first needed: a formatter. */
export function perLanguage<T>(make: (locale: string) => T): () => T {
  const made = new Map<string, T>()
  return () => {
    const { locale } = inForce()
    const known = made.get(locale)
    if (known !== undefined) return known
    const fresh = make(locale)
    made.set(locale, fresh)
    return fresh
  }
}

import { bring, inForce } from './in-force.ts'
import { languageOf, preferred, type Language } from './languages.ts'
import type { Catalogue } from './message.ts'

/** Each comes in a file of its own, and only when it is chosen: English costs nothing. */
const CATALOGUES: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ readonly default: Catalogue }>>> =
  {
    de: () => import('./de.json'),
    es: () => import('./es.json'),
    fr: () => import('./fr.json'),
    it: () => import('./it.json'),
    pt: () => import('./pt.json'),
  }
const KEY = 'warder.language'

let wanted: Language = 'en'

/** The language in force. */
export const currentLanguage = (): Language => inForce().code

/** Brings a language into force once its texts are here, and remembers it. @throws when they cannot be had; nothing changes then */
export async function chooseLanguage(code: Language): Promise<void> {
  await load(code)
  try {
    localStorage.setItem(KEY, code)
  } catch {
    // Storage can be closed off; the choice then holds until the page is left.
  }
}

/** Brings into force what was chosen before, or what the browser says that its user reads. Never fails: else it is English. */
export async function beginLanguage(): Promise<void> {
  try {
    await load(languageOf(remembered())?.code ?? preferred(navigator.languages))
  } catch {
    // The texts could not be had; the page works in English.
  }
}

async function load(code: Language): Promise<void> {
  wanted = code
  const catalogue = code === 'en' ? {} : (await CATALOGUES[code]()).default
  // Another one was chosen meanwhile.
  if (wanted !== code) return
  bring(code, catalogue)
  document.documentElement.lang = code
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

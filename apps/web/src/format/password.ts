import { n, t } from '../language/t.ts'

/** How good a password is, as a word and a sentence that says what would make it better. */
export interface Strength {
  /** 0 too short, 1 weak, 2 fair, 3 strong. */
  readonly level: 0 | 1 | 2 | 3
  readonly word: string
  readonly hint: string
}

/** The shortest password that the server takes. */
export const SHORTEST_PASSWORD = 10

const OFTEN_USED = /pass(word|wort)?|qwert|azerty|admin|proxmox|welcome|letmein|warder|1234|abcd|0000|1111/i

/** Rates a password by its length, its variety and what is tried first. A hint, not a gate: the server only asks for length. */
export function strengthOf(password: string, name: string): Strength {
  if (password.length < SHORTEST_PASSWORD) {
    const missing = SHORTEST_PASSWORD - password.length
    return {
      level: 0,
      word: t('Too short'),
      hint: n(missing, '{count} more character needed.', '{count} more characters needed.'),
    }
  }
  const own = name.trim().length > 2 && password.toLowerCase().includes(name.trim().toLowerCase())
  const different = new Set(password).size
  if (own) return { level: 1, word: t('Weak|a password'), hint: t('Leave your name out of it.') }
  if (OFTEN_USED.test(password))
    return { level: 1, word: t('Weak|a password'), hint: t('It contains what attackers try first.') }
  if (different < 6)
    return { level: 1, word: t('Weak|a password'), hint: t('Use more different characters.') }
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length
  if (password.length >= 20 || (password.length >= 14 && kinds >= 3))
    return { level: 3, word: t('Strong|a password'), hint: '' }
  return {
    level: 2,
    word: t('Fair|a password'),
    hint: t('Four random words in a row would be stronger, and easier to keep in mind.'),
  }
}

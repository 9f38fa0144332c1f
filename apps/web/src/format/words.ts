/** A clause as a sentence begins: `banned by ada` → `Banned by ada`. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** With one full stop at its end. */
export const stopped = (text: string): string => text.replace(/[.]?$/, '.')

/** A clause as a sentence: with a capital and one full stop. */
export const sentence = (text: string): string => stopped(capital(text))

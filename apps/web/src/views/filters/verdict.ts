import type { Verdict } from '@warder/core'

interface VerdictWords {
  readonly verdict: Verdict
  readonly word: string
  readonly title: string
  /** Shown also where no line is one. */
  readonly isAlways: boolean
}

/** What a filter makes of a line, in words, in the order in which they are offered. */
export const VERDICTS: readonly VerdictWords[] = [
  { verdict: 'matched', word: 'Matched', title: 'A failure of an address', isAlways: true },
  { verdict: 'ignored', word: 'Ignored', title: 'It would count, but ignoreregex fits', isAlways: true },
  {
    verdict: 'nameless',
    word: 'No address',
    title: 'A failure, but nobody is named that could be banned',
    isAlways: false,
  },
  {
    verdict: 'noted',
    word: 'Noted',
    title: 'No failure by itself: other lines of the connection decide',
    isAlways: false,
  },
  { verdict: 'missed', word: 'Missed', title: 'No expression fits', isAlways: true },
]

export const verdictWords = (verdict: Verdict): VerdictWords | undefined =>
  VERDICTS.find((one) => one.verdict === verdict)

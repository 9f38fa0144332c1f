import type { Verdict } from '@warder/core'
import { english, t } from '../../language/t.ts'

interface VerdictWords {
  readonly verdict: Verdict
  readonly word: string
  readonly title: string
  /** Shown also where no line is one. */
  readonly isAlways: boolean
}

const VERDICTS: readonly VerdictWords[] = [
  { verdict: 'matched', word: english('Matched'), title: english('A failure of an address'), isAlways: true },
  {
    verdict: 'ignored',
    word: english('Ignored'),
    title: english('It would count, but ignoreregex fits'),
    isAlways: true,
  },
  {
    verdict: 'nameless',
    word: english('No address'),
    title: english('A failure, but nobody is named that could be banned'),
    isAlways: false,
  },
  {
    verdict: 'noted',
    word: english('Noted'),
    title: english('No failure by itself: other lines of the connection decide'),
    isAlways: false,
  },
  { verdict: 'missed', word: english('Missed'), title: english('No expression fits'), isAlways: true },
]

/** What a filter makes of a line, in words, in the order in which they are offered. */
export const verdicts = (): readonly VerdictWords[] =>
  VERDICTS.map((one) => ({ ...one, word: t(one.word), title: t(one.title) }))

export const verdictWords = (verdict: Verdict): VerdictWords | undefined =>
  verdicts().find((one) => one.verdict === verdict)

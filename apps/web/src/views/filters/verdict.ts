import type { Verdict } from '@warder/core'
import { t } from '../../language/t.ts'

interface VerdictWords {
  readonly verdict: Verdict
  readonly word: string
  readonly title: string
  /** Shown also where no line is one. */
  readonly isAlways: boolean
}

/** What a filter makes of a line, in words, in the order in which they are offered. */
export const VERDICTS: readonly VerdictWords[] = [
  { verdict: 'matched', word: t('Matched'), title: t('A failure of an address'), isAlways: true },
  {
    verdict: 'ignored',
    word: t('Ignored'),
    title: t('It would count, but ignoreregex fits'),
    isAlways: true,
  },
  {
    verdict: 'nameless',
    word: t('No address'),
    title: t('A failure, but nobody is named that could be banned'),
    isAlways: false,
  },
  {
    verdict: 'noted',
    word: t('Noted'),
    title: t('No failure by itself: other lines of the connection decide'),
    isAlways: false,
  },
  { verdict: 'missed', word: t('Missed'), title: t('No expression fits'), isAlways: true },
]

export const verdictWords = (verdict: Verdict): VerdictWords | undefined =>
  VERDICTS.find((one) => one.verdict === verdict)

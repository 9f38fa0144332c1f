import { JOURNAL } from '@warder/core'
import { askHelper } from '../hardening/ask-outside.ts'
import type { Candidate } from './candidates.ts'
import { appendLine, JOURNAL_WRITER, writeEntry } from './write-line.ts'

/** What writes marked lines: into the journal as any service does, into a file by the helper where there is one. */
export const makeWriter =
  (helper: string, journalWriter = JOURNAL_WRITER) =>
  async (source: string, candidate: Candidate): Promise<void> => {
    if (source === JOURNAL || candidate.kind === 'journal') {
      if (candidate.kind === 'journal') await writeEntry(journalWriter, candidate.fields)
      return
    }
    const outcome = await askHelper(helper, { action: 'append', path: source, line: candidate.text })
    if (outcome === null) return appendLine(source, candidate.text)
    if (!outcome.ok) throw new Error(`${outcome.message}. ${outcome.remedy}`)
  }

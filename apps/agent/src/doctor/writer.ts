import { askHelper } from '../hardening/ask-outside.ts'
import type { Candidate } from './candidates.ts'
import { appendLine, JOURNAL_WRITER, writeEntry } from './write-line.ts'

/** What writes marked lines: into the journal as any service does, into a file by the helper where there is one. */
export function makeWriter(
  helper: string,
  journalWriter = JOURNAL_WRITER,
): (source: string, candidate: Candidate) => Promise<void> {
  // It is started anew for each line, and a few times at once at most.
  let last: Promise<unknown> = Promise.resolve()
  return (source, candidate) => {
    if (candidate.kind === 'journal') return writeEntry(journalWriter, candidate.fields)
    const written = last.then(() => append(helper, source, candidate.text))
    last = written.catch(() => {})
    return written
  }
}

async function append(helper: string, path: string, line: string): Promise<void> {
  const outcome = await askHelper(helper, { action: 'append', path, line })
  if (outcome === null) return appendLine(path, line)
  if (!outcome.ok) throw new Error(`${outcome.message}. ${outcome.remedy}`)
}

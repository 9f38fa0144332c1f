import { askHelper } from '../hardening/ask-outside.ts'
import type { HelperRequest } from '../hardening/request.ts'
import { isRoot } from './author.ts'
import type { Candidate } from './candidates.ts'
import { writeAs } from './write-as.ts'
import { appendLine, writeEntry } from './write-line.ts'

/**
 * What writes marked lines: into the journal as any service does, and by the helper, where there is one, into a file or as
 * somebody else. `enter`: what programs are run by.
 */
export function makeWriter(
  helper: string,
  enter: readonly string[] = [],
): (source: string, candidate: Candidate) => Promise<void> {
  // It is started anew for each line, and a few times at once at most.
  let last: Promise<unknown> = Promise.resolve()
  return (source, candidate) => {
    if (candidate.kind === 'journal' && isRoot(candidate.author))
      return writeEntry(candidate.fields, candidate.author.transport, enter)
    const written = last.then(() => writeOutside({ helper, source, candidate, enter }))
    last = written.catch(() => {})
    return written
  }
}

interface Outside {
  readonly helper: string
  readonly source: string
  readonly candidate: Candidate
  readonly enter: readonly string[]
}

async function writeOutside({ helper, source, candidate, enter }: Outside): Promise<void> {
  const outcome = await askHelper(helper, requestFor(source, candidate))
  if (outcome === null)
    return candidate.kind === 'file'
      ? appendLine(source, candidate.text)
      : writeAs(candidate.fields, candidate.author, enter)
  if (!outcome.ok)
    throw new Error([outcome.message, outcome.remedy].filter((words) => words !== '').join('. '))
}

function requestFor(source: string, candidate: Candidate): HelperRequest {
  if (candidate.kind === 'file') return { action: 'append', path: source, line: candidate.text }
  const { uid, unit, comm } = candidate.author
  return { action: 'entry', fields: { ...candidate.fields }, author: { uid, unit, comm } }
}

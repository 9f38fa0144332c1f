import { execFile } from 'node:child_process'
import { glob, stat } from 'node:fs/promises'
import { JOURNAL, type JournalMatch } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { FileSource } from './file.ts'
import { searchArguments } from './journal-arguments.ts'
import { lastEntries } from './journal-tail.ts'
import { JournalSource } from './journal.ts'
import type { Source, SourceMaker } from './source.ts'
import { lastLines } from './tail.ts'

/** A glob that finds more than this is a mistake, and each file costs a watch. */
const FILES_PER_GLOB = 200
const TIME_LIMIT_MS = 10_000
/** So often the journal is asked again for entries that it did not have. */
const ASK_AGAIN_MS = 60_000

/** How journalctl is called. */
type Command = readonly [string, ...string[]]

/** The sources of a real node: its log files and its journal. */
export function machineSources(clock: Clock, journalctl: Command = ['journalctl']): SourceMaker {
  return {
    journalTrouble: () => journalTrouble(journalctl),
    find: findFiles,
    isThere: (path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    journalHas: journalSearch(clock, journalctl),
    last: ({ source, matches, limit }) =>
      source === JOURNAL
        ? lastEntries({ command: journalctl, clock, matches, limit })
        : lastLines(source, { limit, readAt: clock.now() }),
    journal: (matches: readonly JournalMatch[]): Source =>
      new JournalSource({ matches, clock, command: journalctl }),
    file: (path, first): Source => new FileSource({ path, clock, first }),
  }
}

/** Absolute paths of a glob, sorted, at most 200. A path without wildcards is itself, there or not. */
export async function findFiles(pattern: string): Promise<readonly string[]> {
  if (!/[*?[{]/.test(pattern)) return [pattern]
  const found: string[] = []
  for await (const path of glob(pattern)) {
    found.push(path)
    if (found.length >= FILES_PER_GLOB) break
  }
  return found.toSorted()
}

/** Whether there is a journal that may be read: journalctl says so in words only, its status is 0 either way. */
function journalTrouble([file, ...args]: Command): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const options = { timeout: TIME_LIMIT_MS, encoding: 'utf8' as const }
  const look = [...args, '--no-pager', '-n', '1', '-o', 'json', '--output-fields=_UID']
  execFile(file, look, options, (err, entry, complaint) => {
    if (err && !('code' in err && typeof err.code === 'number')) resolve('journalctl is not installed')
    else if (/not seeing messages|permission/i.test(complaint)) {
      resolve('the journal may not be read by this user')
    } else if (err) resolve(`journalctl failed: ${complaint.trim().slice(0, 200)}`)
    else resolve(entry.startsWith('{') ? null : 'there is no journal on this node')
  })
  return promise
}

/** Asks journalctl, and remembers what it said: an entry that was there for good, that there is none for a minute. */
function journalSearch(clock: Clock, [file, ...args]: Command): (match: JournalMatch) => Promise<boolean> {
  const found = new Set<string>()
  const missed = new Map<string, number>()
  return async (match) => {
    const key = JSON.stringify(match)
    const before = missed.get(key)
    if (match.length === 0 || found.has(key)) return true
    if (before !== undefined && clock.now() - before < ASK_AGAIN_MS) return false
    const has = await journalHas([file, ...args], match)
    if (has) found.add(key)
    else missed.set(key, clock.now())
    return has
  }
}

function journalHas([file, ...args]: Command, match: JournalMatch): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const options = { timeout: TIME_LIMIT_MS, encoding: 'utf8' as const }
  // Status 1 without a word is how some releases say that there is none; what fails otherwise tells nothing.
  execFile(file, [...args, ...searchArguments(match)], options, (err, entry, complaint) =>
    resolve(entry.startsWith('{') || (err !== null && complaint.trim() !== '') || (err?.killed ?? false)),
  )
  return promise
}

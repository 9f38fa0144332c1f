import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { journalLine, type JournalMatch, type LogLine } from '@warder/core'
import { ENTRY_LIMIT_BYTES, readingArguments } from '../source/journal-arguments.ts'
import { LineSplitter } from '../source/split.ts'

/** Where lines come from that somebody wants to try: pieces of a log, one after the other. */
export type Lines = AsyncIterable<readonly LogLine[]>

/** What a word of the command line stands for. */
export type LogKind = 'log' | 'journal' | 'line' | 'folder' | 'missing'

/** The journal as fail2ban's tools call it. */
const JOURNAL_WORD = /^systemd-journal(?:\[.*\])?$/

/** Standard input, as a word and as the system has it. */
const STANDARD_INPUT = '-'

/**
 * What the word is: a log (a file, a pipe, `-` for standard input), the journal, or a line itself. A path of which there
 * is no file is `missing`, not a line.
 */
export async function kindOf(word: string): Promise<LogKind> {
  if (word === STANDARD_INPUT) return 'log'
  if (JOURNAL_WORD.test(word)) return 'journal'
  const facts = await stat(word).catch(() => null)
  if (facts !== null) return facts.isDirectory() ? 'folder' : 'log'
  return /^\.{0,2}\/\S*$|^\S+\.(?:log|gz)$/.test(word) ? 'missing' : 'line'
}

/** The lines of a log, a piece of it after the other: its size does not matter. Over-long lines are cut; .gz is unpacked. */
export async function* linesOf(path: string, readAt: number): Lines {
  const raw: Readable = path === STANDARD_INPUT ? process.stdin : createReadStream(path)
  const stream = path.endsWith('.gz') ? unpacked(raw) : raw
  const splitter = new LineSplitter()
  const toLines = (texts: readonly string[]): LogLine[] =>
    texts.map((text) => ({ source: path, text, readAt }))
  for await (const chunk of stream) {
    yield toLines(splitter.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))))
  }
  const last = splitter.flush()
  if (last !== null) yield toLines([last])
}

function unpacked(raw: Readable): Readable {
  const gunzip = createGunzip()
  raw.on('error', (err) => gunzip.destroy(err))
  return raw.pipe(gunzip)
}

/** How journalctl is called, its own arguments before ours. */
type Command = readonly [string, ...string[]]

/** The entries of this machine's journal that a journalmatch asks for, from the first to the last. */
export async function* journalLines(
  match: JournalMatch,
  readAt: number,
  [file, ...before]: Command = ['journalctl'],
): Lines {
  const args = [...before, ...readingArguments(match)]
  const reader = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve, reject) => {
    reader.on('error', (err) => reject(new Error(`journalctl cannot be run: ${err.message}`)))
    reader.on('close', () => resolve())
  })
  // Whoever reads the pieces hears of it at the end, not as an error that nobody caught.
  ended.catch(() => {})
  const splitter = new LineSplitter(ENTRY_LIMIT_BYTES)
  try {
    for await (const chunk of reader.stdout) {
      if (Buffer.isBuffer(chunk)) yield splitter.push(chunk).flatMap((text) => entryOf(text, readAt) ?? [])
    }
    await ended
  } finally {
    reader.kill()
  }
}

function entryOf(text: string, readAt: number): LogLine | null {
  try {
    return journalLine(JSON.parse(text), readAt)
  } catch {
    return null
  }
}

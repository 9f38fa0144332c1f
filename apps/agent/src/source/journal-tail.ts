import { spawn } from 'node:child_process'
import { journalLine, type JournalMatch, type LogLine } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { tailArguments } from './journal-arguments.ts'
import { LineSplitter } from './split.ts'

/** Longest entry as JSON; a longer one is cut and left out. */
const ENTRY_LIMIT_BYTES = 1_048_576
/** How much text is kept at most, and how long journalctl may take. */
const TEXT_LIMIT = 1_048_576
const TIME_LIMIT_MS = 4_000

interface Wanted {
  /** How journalctl is called. */
  readonly command: readonly [string, ...string[]]
  readonly clock: Clock
  readonly matches: readonly JournalMatch[]
  readonly limit: number
}

/** The last entries of the journal that any of the matches wants, oldest first. @throws when it cannot be read, in words */
export async function lastEntries({ command, clock, matches, limit }: Wanted): Promise<readonly LogLine[]> {
  const [file, ...before] = command
  const journalctl = spawn(file, [...before, ...tailArguments(matches, limit)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = Promise.withResolvers<string | null>()
  let complaint = ''
  journalctl.stderr.setEncoding('utf8')
  journalctl.stderr.on('data', (text: string) => {
    complaint = (complaint + text).slice(-300)
  })
  journalctl.on('error', (err) => ended.resolve(`journalctl cannot be run: ${err.message}`))
  journalctl.on('close', (code) => ended.resolve(code === 0 ? null : complaint.trim() || null))
  let isLate = false
  using _ = clock.after(TIME_LIMIT_MS, () => {
    isLate = true
    journalctl.kill()
  })
  const lines: LogLine[] = []
  const splitter = new LineSplitter(ENTRY_LIMIT_BYTES)
  let room = TEXT_LIMIT
  for await (const chunk of journalctl.stdout) {
    if (!Buffer.isBuffer(chunk)) continue
    for (const text of splitter.push(chunk)) {
      const line = toLine(text, clock.now())
      if (line === null) continue
      room -= line.text.length
      if (room >= 0) lines.push(line)
    }
    if (room < 0) break
  }
  journalctl.kill()
  const trouble = await ended.promise
  if (isLate) throw new Error('journalctl took too long')
  if (trouble !== null && lines.length === 0) throw new Error(trouble)
  return lines.toReversed()
}

function toLine(text: string, readAt: number): LogLine | null {
  try {
    return journalLine(JSON.parse(text), readAt)
  } catch {
    // It was cut for its length.
    return null
  }
}

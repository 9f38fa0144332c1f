import { spawn } from 'node:child_process'
import type { Clock } from '@warder/daemon'

/** How a program ended. `code` is null where it did not end by itself; `reason` says how it ended, in words. */
export interface Exit {
  readonly code: number | null
  readonly reason: string
}

/**
 * Runs a program with its arguments, without a shell and without anything to read or write, and ends it together with
 * all that it started when it takes too long. Never rejects.
 */
export async function runProgram(
  argv: readonly string[],
  { clock, limitMs }: { readonly clock: Clock; readonly limitMs: number },
): Promise<Exit> {
  const [program = '', ...rest] = argv
  const ended = Promise.withResolvers<Exit>()
  try {
    const child = spawn(program, rest, { shell: false, stdio: 'ignore', detached: true })
    using _ = clock.after(limitMs, () => {
      ended.resolve({ code: null, reason: `it took longer than ${limitMs} ms` })
      endGroup(child.pid)
    })
    child.once('error', (err) => ended.resolve({ code: null, reason: err.message }))
    child.once('exit', (code, signal) => ended.resolve({ code, reason: signal ?? `exit code ${code}` }))
    return await ended.promise
  } catch (err) {
    return { code: null, reason: err instanceof Error ? err.message : String(err) }
  }
}

/** A group has the number of its first process; one that is gone already needs no ending. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended in this moment.
  }
}

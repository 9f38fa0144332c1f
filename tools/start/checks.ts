import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fail, type Options } from './options.ts'

/** The process that runs here already, if one does. */
export function runningHere(pidFile: string): number | null {
  if (!existsSync(pidFile)) return null
  const pid = Number(readFileSync(pidFile, 'utf8'))
  if (!pid || pid === process.pid) return null
  try {
    process.kill(pid, 0)
    // A number can be given to another process after a crash: it must be one of ours.
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('start.ts') ? pid : null
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM' ? pid : null
  }
}

/** Why the port cannot be listened on, or null when it can. */
function portTrouble(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (err: NodeJS.ErrnoException) => resolve(err.code ?? err.message))
    probe.once('listening', () => probe.close(() => resolve(null)))
    probe.listen(port, host || undefined)
  })
}

/** Ends the process with a sentence and its remedy when the port cannot be listened on. */
export async function checkPort({ port, host }: Options): Promise<void> {
  const trouble = await portTrouble(port, host)
  if (!trouble) return
  if (trouble === 'EADDRINUSE')
    fail(
      `port ${port} is in use by another program${port === 8008 ? ' (ProxMenux Monitor uses 8008 too)' : ''}. ` +
        `Stop it, or choose another port: npm start -- --port ${port + 1}`,
    )
  if (trouble === 'EACCES') fail(`port ${port} needs root. Choose one above 1023: npm start -- --port 8008`)
  if (trouble === 'EADDRNOTAVAIL')
    fail(`${host} is not an address of this machine. Leave --host away to listen on all.`)
  fail(`port ${port} cannot be used: ${trouble}.`)
}

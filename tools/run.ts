import { spawn, spawnSync } from 'node:child_process'
import { ROOT } from './root.ts'

/** How a finished command ended. */
export interface Finished {
  readonly ok: boolean
  readonly output: string
}

/** Runs a command to its end in the repository's root, output shown as it comes. */
export function show(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  const done = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
  return done.status === 0
}

/** Runs a command to its end and keeps its output. */
export function capture(command: string, args: readonly string[]): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', (err) => resolve({ ok: false, output: err.message }))
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString('utf8') }))
  })
}

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { inRoot, ROOT } from '../root.ts'
import { reachable, type Options } from './options.ts'

export const SERVER = inRoot('apps', 'server', 'src', 'main.ts')
export const AGENT = inRoot('apps', 'agent', 'src', 'main.ts')
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning']

/** How long each of the two may take to stop (ms). */
const STOP_LIMIT_MS = 1_300

/** Starts a program. Its process group is its own: Ctrl-C reaches this process alone, which then stops both in order. */
export function launch(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...NODE_FLAGS, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
}

/** What a program prints, or null when it fails. */
export function ask(args: readonly string[]): string | null {
  const done = spawnSync(process.execPath, [...NODE_FLAGS, ...args], { cwd: ROOT, encoding: 'utf8' })
  return done.status === 0 ? done.stdout.trim() : null
}

/** Asks until there is an answer; null when the program ended, or the patience. */
async function patiently<T>(program: ChildProcess, question: () => Promise<T | null>): Promise<T | null> {
  for (let tries = 0; tries < 150 && program.exitCode === null; tries++) {
    const answer = await question()
    if (answer !== null) return answer
    await new Promise((resolve) => setTimeout(resolve, 80))
  }
  return null
}

/** Whether the server answers. */
export async function isServing({ port, host }: Options, server: ChildProcess): Promise<boolean> {
  const url = `http://${reachable(host)}:${port}/healthz`
  return (
    (await patiently(server, async () => ((await fetch(url).catch(() => null))?.ok ? true : null))) !== null
  )
}

interface AgentAnswer {
  readonly status?: {
    readonly report: { readonly firewall: { readonly reason: string; readonly enforcing: boolean } }
  }
}

/** What the agent does with bans, in words; null when it does not run. */
export function firewallInWords(socket: string, agent: ChildProcess): Promise<string | null> {
  return patiently(agent, async () => {
    const answer = ask([AGENT, 'status', '--json', '--socket', socket])
    const firewall = answer ? (JSON.parse(answer) as AgentAnswer).status?.report.firewall : undefined
    if (!firewall) return null
    return `${firewall.enforcing ? 'enforcing' : 'DRY RUN, nothing is blocked'}. ${firewall.reason}`
  })
}

/** Stops a program; one that takes too long is ended. */
export async function stop(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return
  const ended = new Promise((resolve) => program.once('exit', resolve))
  program.kill('SIGTERM')
  const limit = setTimeout(() => program.kill('SIGKILL'), STOP_LIMIT_MS)
  await ended
  clearTimeout(limit)
}

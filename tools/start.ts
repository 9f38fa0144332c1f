// The main job on this machine: builds, starts the server and one agent that it enrols by itself, and
// stops both together. All that it keeps lies in var/start of the repository.
import type { ChildProcess } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { buildQuietly } from './build.ts'
import { unitFlags } from './flags.ts'
import { checkPort, runningHere } from './start/checks.ts'
import { fail, readOptions } from './start/options.ts'
import { layOut, writeAgentToml } from './start/places.ts'
import { AGENT, ask, firewallInWords, isServing, launch, SERVER, stop } from './start/programs.ts'

const options = readOptions()
const other = runningHere(`${options.state}/pid`)
if (other)
  fail(
    `Warder runs here already (process ${other}). Open its dashboard, or stop it with Ctrl-C in its terminal or: kill ${other}`,
  )
await checkPort(options)
if (options.fresh) rmSync(options.state, { recursive: true, force: true })
const places = layOut(options)
writeFileSync(places.pid, String(process.pid))

const programs: ChildProcess[] = []
let isEnding = false

/** Stops the agent first: its last events still reach the server. */
async function end(code: number): Promise<never> {
  if (isEnding) return new Promise(() => {})
  isEnding = true
  for (const program of programs.toReversed()) await stop(program)
  rmSync(places.pid, { force: true })
  process.exit(code)
}

function follow(name: string, program: ChildProcess): ChildProcess {
  programs.push(program)
  program.once('exit', (code) => {
    if (isEnding) return
    process.stderr.write(
      `warder: the ${name} ended by itself (${code ?? 'killed'}), so the rest stops too.\n`,
    )
    void end(1)
  })
  return program
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))

if (!(await buildQuietly())) {
  process.stderr.write('warder: the dashboard could not be built (see above).\n')
  await end(1)
}
const server = follow('server', launch([SERVER, 'run', '--config', places.serverToml]))
if (!(await isServing(options, server))) await end(1)

const join = ask([SERVER, 'join-code', '--config', places.serverToml])
if (join === null) await end(1)
else writeAgentToml(places, options, join)
const agent = follow('agent', launch([...unitFlags(), AGENT, 'run', '--config', places.agentToml]))
const firewall = await firewallInWords(places.socket, agent)
if (firewall !== null)
  process.stdout.write(
    `Firewall:    ${firewall}\nCommands:    npm run warder -- status\nStop:        Ctrl-C\n`,
  )

// One run of ours in a process of its own: the agent's file source, its decider and the engine, as on a node, with
// nothing sent anywhere. Arguments: the name of the case, the log, how many lines it has. The log is read five times, each
// time by a new engine: an agent runs for months, and V8 compiles what runs often. Writes for the first and the last time
// the CPU seconds from the first byte to the last counted failure, and how many failures there were.
import { setFlagsFromString } from 'node:v8'
import { makeEngine, NEVER_NOBODY } from '@warder/core'
import { makeLogger, systemClock } from '../../packages/daemon/src/index.ts'
import { Decider } from '../../apps/agent/src/engine/decider.ts'
import { FileSource } from '../../apps/agent/src/source/file.ts'
import { CASES, compileCase, type Case } from './jails.ts'

// As the agent does before anything else.
setFlagsFromString('--enable-experimental-regexp-engine')
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
setFlagsFromString('--regexp-backtracks-before-fallback=20000')

const never = NEVER_NOBODY
const log = makeLogger({ name: 'bench', level: 'error', form: 'text' })

async function detectIn(part: Case, path: string, lines: number) {
  const engine = makeEngine()
  const decider = new Decider({
    engine,
    log,
    now: () => systemClock.now(),
    onStuck: (jail) => log.error({ jail }, 'put aside'),
  })
  const jails = [{ jail: compileCase(part, path), sources: [path] }]
  engine.step({ kind: 'plan', plan: { jails, never } }, systemClock.now())
  const before = process.cpuUsage()
  const { promise: done, resolve } = Promise.withResolvers<void>()
  const source = new FileSource({ path, clock: systemClock, first: 'beginning' })
  await source.start(null, async (batch) => {
    await decider.take(path, batch, async (decide) => void (await decide()))
    if ((engine.view().sources[0]?.lines ?? 0) >= lines) resolve()
  })
  await done
  const { user, system } = process.cpuUsage(before)
  await source[Symbol.asyncDispose]()
  return { cpu: (user + system) / 1e6, failures: engine.view().sources[0]?.matches ?? 0 }
}

const [name = '', path = '', lines = '0'] = process.argv.slice(2)
const part = CASES.find((one) => one.name === name)
if (part === undefined) throw new Error(`there is no case "${name}"`)
const first = await detectIn(part, path, Number(lines))
for (let time = 0; time < 3; time++) await detectIn(part, path, Number(lines))
const again = await detectIn(part, path, Number(lines))
process.stdout.write(`${JSON.stringify({ first, again })}\n`)

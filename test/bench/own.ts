// One run of ours in a process of its own: the agent's file source, its decider and the engine, as on a node, with
// nothing sent anywhere. Arguments: the name of the case, the log. Writes how many lines and failures there were.
import { setFlagsFromString } from 'node:v8'
import { makeEngine } from '@warder/core'
import { makeLogger, systemClock } from '../../packages/daemon/src/index.ts'
import { Decider } from '../../apps/agent/src/engine/decider.ts'
import { FileSource } from '../../apps/agent/src/source/file.ts'
import { CASES, compileCase } from './jails.ts'

setFlagsFromString('--enable-experimental-regexp-engine')
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
setFlagsFromString('--regexp-backtracks-before-fallback=20000')

const [name = '', path = '', lines = '0'] = process.argv.slice(2)
const found = CASES.find((one) => one.name === name)
if (found === undefined) throw new Error(`there is no case "${name}"`)

const engine = makeEngine()
const log = makeLogger({ name: 'bench', level: 'error', form: 'text' })
const decider = new Decider({ engine, log, onStuck: (jail) => log.error({ jail }, 'put aside') })
const jails = [{ jail: compileCase(found, path), sources: [path] }]
const never = { own: [], privateNetworks: false, ignoreip: [] }
engine.step({ kind: 'plan', plan: { jails, never } }, systemClock.now())

let failures = 0
const before = process.cpuUsage()
const { promise: done, resolve } = Promise.withResolvers<void>()
const source = new FileSource({ path, clock: systemClock, first: 'beginning' })
await source.start(null, async (batch) => {
  const { effects } = await decider.decide(path, batch.lines, systemClock.now())
  for (const effect of effects)
    if (effect.kind === 'record' && effect.event.kind === 'failure.found') failures++
  if ((engine.view().sources[0]?.lines ?? 0) >= Number(lines)) resolve()
})
await done
await source[Symbol.asyncDispose]()
const { user, system } = process.cpuUsage(before)
process.stdout.write(
  `${JSON.stringify({ lines: engine.view().sources[0]?.lines ?? 0, failures, cpu: (user + system) / 1e6 })}\n`,
)

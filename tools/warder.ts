// The command line `warder` against the agent that `npm start` runs.
import { spawnSync } from 'node:child_process'
import { inRoot } from './root.ts'

const socket = inRoot('var', 'start', 'agent.sock')
const args = process.argv.slice(2)
const given = args.some((arg) => arg.startsWith('--socket'))
const main = inRoot('apps', 'agent', 'src', 'main.ts')
const [verb = '--help', ...rest] = args
const place =
  given || verb.startsWith('-') || verb === 'run' || verb === 'check' || verb === 'enrol'
    ? []
    : ['--socket', socket]
// The client takes options before its command only.
const line = verb === 'client' ? [verb, ...place, ...rest] : [verb, ...rest, ...place]
const done = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...line], {
  stdio: 'inherit',
})
process.exit(done.status ?? 1)

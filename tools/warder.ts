// The command line `warder` against the agent that `npm start` runs.
import { inRoot } from './root.ts'
import { show } from './run.ts'

const socket = inRoot('var', 'start', 'agent.sock')
const args = process.argv.slice(2)
const given = args.some((arg) => arg.startsWith('--socket'))
const main = inRoot('apps', 'agent', 'src', 'main.ts')
const [verb = '--help', ...rest] = args
const place =
  given || verb.startsWith('-') || verb === 'run' || verb === 'check' || verb === 'enrol'
    ? []
    : ['--socket', socket]
process.exit(
  show(process.execPath, ['--disable-warning=ExperimentalWarning', main, verb, ...rest, ...place]) ? 0 : 1,
)

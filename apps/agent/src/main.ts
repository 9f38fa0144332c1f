import { setFlagsFromString } from 'node:v8'
import { printed } from '@warder/daemon'
import { runProgramNamed } from './cli/commands.ts'

// Before any expression of a filter is compiled: where V8 can, it changes to its linear engine in the middle of a
// match that backtracks too much, so that no log line can stall the agent. The first flag lets us ask where it can.
setFlagsFromString('--enable-experimental-regexp-engine')
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
setFlagsFromString('--regexp-backtracks-before-fallback=20000')

// A reader that has seen enough (`warder banned | head`) is no failure, and a closed log must not end the protection.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

const code = await runProgramNamed(process.argv[1] ?? '', process.argv.slice(2), {
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
  environment: process.env,
  isTerminal: process.stderr.isTTY ?? false,
})
await printed()
process.exit(code)

import { endSignal } from '@warder/daemon'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { HELP, readFlags, type Flags } from './flags.ts'
import { OPERATOR, startDemo, type Demo, type ScriptName } from './index.ts'
import { onKeys } from './keys.ts'

// As the agent does it: only of expressions that are known to be linear successes are looked for.
setFlagsFromString('--enable-experimental-regexp-engine')

function fail(sentence: string): never {
  process.stderr.write(`warder: ${sentence}\n`)
  process.exit(1)
}

function say(demo: Demo, { nodes, script, seed, speed }: Flags): void {
  const lines = [
    '',
    `  Dashboard    ${demo.url}`,
    `  Sign in      ${OPERATOR.name} / ${OPERATOR.password}`,
    `  World        ${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${script}, seed ${seed}${speed === 1 ? '' : `, ${speed}× speed`}`,
    process.stdin.isTTY
      ? '  Keys         s storm · l lose a node · f false alarm · p pause a jail · q quit'
      : '  Stop         Ctrl-C',
    '',
    '',
  ]
  process.stdout.write(lines.join('\n'))
}

async function run(flags: Flags): Promise<void> {
  const ending = endSignal()
  const demo = await startDemo(flags).catch((err: Error) => fail(err.message))
  say(demo, flags)
  const begin = (name: ScriptName): void => {
    process.stdout.write(`  ${name} begins\n`)
    demo.script(name)
  }
  using keys = onKeys({
    s: () => begin('storm'),
    l: () => begin('node-lost'),
    f: () => begin('false-alarm'),
    p: () => {
      process.stdout.write('  a jail with expressions that take too long begins\n')
      void demo.slowDown()
    },
  })
  await Promise.race([ending, keys.quit])
  await demo.stop()
}

const args = process.argv.slice(2)
const read = readFlags(args)
if (!read.ok) fail(`${read.problem}\n\n${HELP}`)
if (read.flags.help) process.stdout.write(HELP)
else if (read.flags.dev) {
  const { develop } = await import('./dev.ts')
  const developed = develop(read.flags, fileURLToPath(import.meta.url), args)
  process.exit(await developed.catch((err: Error) => fail(err.message)))
} else {
  await run(read.flags)
  process.exit(0)
}

import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

const PRINTED = new URL('./printed.ts', import.meta.url).href
const LONG = 1_000_000

/** What a reader gets of a process that prints a lot and then ends. */
function read(stream: 'stdout' | 'stderr', reader: string) {
  const program = `import { printed } from ${JSON.stringify(PRINTED)}; process.${stream}.write('x'.repeat(${LONG})); await printed(); process.exit(7)`
  const shell = `{ "$0" --disable-warning=ExperimentalWarning --input-type=module -e "$1" ${stream === 'stderr' ? '2>&1 >/dev/null' : ''}; echo $? >&3; } | ${reader}`
  const done = spawnSync('sh', ['-c', shell, process.execPath, program], {
    encoding: 'utf8',
    timeout: 30_000,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  return { out: done.stdout.trim(), err: done.stderr, code: done.output[3]?.trim() }
}

describe('what was printed', () => {
  it.each([
    ['stdout', 'wc -c', String(LONG)],
    ['stderr', 'wc -c', String(LONG)],
    ['stdout', 'head -c 1', 'x'],
    ['stdout', 'true', ''],
  ] as const)('to %s is there before the process ends, for %s', (stream, reader, out) => {
    expect(read(stream, reader)).toEqual({ out, err: '', code: '7' })
  })
})

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A program with its arguments, and maybe a file that it reads as its input. */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly input?: string
  readonly env?: NodeJS.ProcessEnv
}

/** A command that ended: the CPU seconds of all its processes, user and system, how long it took, and what it wrote. */
export interface Run {
  readonly cpu: number
  readonly seconds: number
  readonly output: string
}

const TIMED = 'TIMEFORMAT="%3R %3U %3S"; if [ -n "$INPUT" ]; then exec <"$INPUT"; fi; time "$@" 2>/dev/null'

/** Runs a command to its end. bash tells the CPU time of its children to the millisecond. Throws when it fails. */
export function run({ file, args, input = '', env = {} }: Command): Run {
  const done = spawnSync('bash', ['-c', TIMED, 'bash', file, ...args], {
    env: { ...process.env, ...env, INPUT: input, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: [input === '' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  const times = /([0-9.]+) ([0-9.]+) ([0-9.]+)\s*$/.exec(done.stderr ?? '')
  if (done.status !== 0 || times === null)
    throw new Error(`${file} ended with ${done.status}: ${(done.stderr ?? '').slice(-500)}`)
  return { cpu: Number(times[2]) + Number(times[3]), seconds: Number(times[1]), output: done.stdout }
}

/** CPU seconds that a running process has taken so far. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  const ticksPerSecond = 100
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** The middle one; of an even number the lower of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}

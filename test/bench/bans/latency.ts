import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Companion, until } from '../../lab/command.ts'
import { withMachine, type Lab } from './lab.ts'
import { addressOf, failuresOf, messageOf } from './lines.ts'
import { Probe } from './probe.ts'
import type { Banner, RunningBanner } from './program.ts'
import { rounded } from './throughput.ts'

/** From the line that is one too many to the address in the kernel, milliseconds. */
export interface Latency {
  readonly program: string
  readonly source: 'file' | 'journal'
  readonly trials: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
  /** Journal only: what the program takes beyond journald, which tells other readers of an entry no sooner. */
  readonly beyond_journald?: { readonly p50: number; readonly p90: number; readonly p99: number }
  readonly missed: number
}

const LIMIT_S = 30
const JOURNAL_SCRIPT = fileURLToPath(new URL('../../lab/journal.sh', import.meta.url))

/** How long is waited between trials: at random, so that no timer of a program is met always at the same moment. */
const between = (): Promise<void> => pause(150 + Math.random() * 1_000)

/** One after the other: failures below the limit first, then, after a while, the last one. */
export function measureFileLatency(banner: Banner, trials: number, { say }: Lab): Promise<Latency> {
  return withMachine(async ({ machine, folder }) => {
    const log = `${folder}/auth.log`
    writeFileSync(log, '')
    await using running = await banner.start({ on: machine.on, folder, log })
    await using probe = new Probe(machine.on)
    const taken: (number | null)[] = []
    for (let trial = 0; trial <= trials; trial++) {
      const ip = addressOf(trial)
      await probe.file(log, failuresOf([ip], running.maxretry - 1), { wait: [], limit: LIMIT_S })
      await between()
      const wait = [running.set(ip)]
      taken.push(await probe.file(log, failuresOf([ip], 1), { wait, limit: LIMIT_S }))
      if (trial % 10 === 0) say(`${banner.name}, file: ${taken.at(-1)?.toFixed(1)} ms (trial ${trial})`)
    }
    // The first ban makes tables and sets in some programs.
    return toLatency(banner.name, 'file', taken.slice(1))
  })
}

/** The same by way of a real journald. */
export function measureJournalLatency(banner: Banner, trials: number, { say }: Lab): Promise<Latency> {
  return withMachine(async ({ machine, folder }) => {
    const privately = [
      'unshare',
      '--mount',
      '--propagation',
      'private',
      '--ipc',
      '--uts',
      'bash',
      JOURNAL_SCRIPT,
    ]
    await using journald = new Companion(machine.on(privately))
    await until('journald', async () => journald.output.includes('READY'), 10_000)
    const on = (command: readonly string[]): readonly string[] => [
      'nsenter',
      `--target=${journald.pid}`,
      '--mount',
      '--net',
      ...command,
    ]
    await using running: RunningBanner = await banner.start({ on, folder, log: null })
    await using probe = new Probe(on)
    const taken: (number | null)[] = []
    const beyond: number[] = []
    for (let trial = 0; trial <= trials; trial++) {
      const ip = addressOf(trial)
      const ports = Array.from({ length: running.maxretry - 1 }, (_, i) => 40_000 + i)
      const first = ports.map((port) => messageOf(ip, port))
      await probe.journal(first, { wait: [], limit: LIMIT_S })
      await pause(700)
      await between()
      const last = [messageOf(ip, 50_000 + trial)]
      const answer = await probe.journal(last, { wait: [running.set(ip)], limit: LIMIT_S })
      taken.push(answer?.ms ?? null)
      if (answer !== null && trial > 0) beyond.push(answer.ms - answer.journal)
      if (trial % 10 === 0)
        say(`${banner.name}, journal: ${answer?.ms.toFixed(1)} ms, journald ${answer?.journal.toFixed(1)} ms`)
    }
    const { p50, p90, p99 } = percentiles(beyond)
    return { ...toLatency(banner.name, 'journal', taken.slice(1)), beyond_journald: { p50, p90, p99 } }
  })
}

function toLatency(program: string, source: 'file' | 'journal', taken: readonly (number | null)[]): Latency {
  const times = taken.filter((each) => each !== null)
  return { program, source, trials: times.length, ...percentiles(times), missed: taken.length - times.length }
}

function percentiles(times: readonly number[]) {
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share: number): number =>
    rounded(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN, 2)
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) }
}

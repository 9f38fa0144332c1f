import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { median } from '../measure.ts'
import { withMachine, type Lab } from './lab.ts'
import { addresses, failuresOf } from './lines.ts'
import { Probe } from './probe.ts'
import { residentOf, type Banner } from './program.ts'
import { rounded } from './throughput.ts'

/** What a program holds, in MiB, medians. */
export interface Holding {
  readonly program: string
  readonly rss_idle_mb: number
  /** The programs it is made of, each. */
  readonly idle_by_program: Readonly<Record<string, number>>
  readonly bans: number
  readonly rss_mb: number
  readonly by_program: Readonly<Record<string, number>>
  /** Its database with the files beside it. */
  readonly state_mb: number
}

const MIB = 1_048_576
const SETTLE_MS = 30_000
const LIMIT_S = 1_200
/** So many addresses fail together: what a program holds afterwards is asked, not how it gets through. */
const AT_ONCE = 10_000

/** Idle with three jails, then with bans of which each has its lines as evidence. */
export async function measureHolding(banner: Banner, bans: number, { runs, say }: Lab): Promise<Holding> {
  const each: Holding[] = []
  for (let round = 1; round <= runs; round++) {
    each.push(
      await withMachine(async ({ machine, folder }) => {
        const log = join(folder, 'auth.log')
        writeFileSync(log, '')
        await using running = await banner.start({ on: machine.on, folder, log })
        await using probe = new Probe(machine.on)
        await pause(SETTLE_MS)
        const idle = residentOf(running.pid)
        say(`${banner.name}: idle ${mib(sum(idle))} MiB (run ${round})`)
        for (let from = 0; from < bans; from += AT_ONCE) {
          const ips = addresses(from, Math.min(AT_ONCE, bans - from))
          const elements = ips.map(running.set)
          const text = failuresOf(ips, running.maxretry)
          const ms = await probe.file(log, text, { wait: elements.slice(-1), limit: LIMIT_S })
          if (ms === null) throw new Error(`${banner.name} has not banned all of ${bans}`)
          while ((await probe.missing(elements)) > 0) await pause(200)
        }
        await pause(SETTLE_MS)
        const full = residentOf(running.pid)
        const state = sizeOf(folder)
        await running.stop()
        say(
          `${banner.name}: with ${bans} bans ${mib(sum(full))} MiB, on disk ${mib(state)} MiB (run ${round})`,
        )
        return {
          program: banner.name,
          rss_idle_mb: mib(sum(idle)),
          idle_by_program: inMib(idle),
          bans,
          rss_mb: mib(sum(full)),
          by_program: inMib(full),
          state_mb: mib(state),
        }
      }),
    )
  }
  const middle = median(each.map(({ rss_mb }) => rss_mb))
  const chosen = each.find(({ rss_mb }) => rss_mb === middle)
  if (chosen === undefined) throw new Error('nothing was measured')
  return { ...chosen, rss_idle_mb: median(each.map(({ rss_idle_mb }) => rss_idle_mb)) }
}

const mib = (bytes: number): number => rounded(bytes / MIB, 1)
const sum = (resident: Readonly<Record<string, number>>): number =>
  Object.values(resident).reduce((all, one) => all + one, 0)
const inMib = (resident: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(resident).map(([name, bytes]) => [name, mib(bytes)]))

/** Bytes of the databases in a folder. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.db(-wal|-shm)?$/.test(name))
    .reduce((all, name) => all + statSync(join(folder, name)).size, 0)
}

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { median, run, type Run } from '../measure.ts'
import { addresses, failuresOf } from './lines.ts'
import { Probe } from './probe.ts'
import { cpuOfTree, type Banner } from './program.ts'
import { withMachine, type Lab } from './lab.ts'

/** Many addresses cross the threshold at once: from the first of their lines to the last of them in the kernel. */
export interface Burst {
  readonly program: string
  readonly bans: number
  readonly ms: number
  readonly bans_per_second: number
  /** Of all processes of the program, until nothing of the burst is left to do. */
  readonly cpu_ms_per_ban: number
}

const LIMIT_S = 600
/** What takes less than this in a second has nothing left to do but what it always does. */
const RESTING_S = 0.1
const LONGEST_WORK_S = 60
const HOUR = '1h'

/** A burst against a program that was just started, medians of some runs. */
export async function measureBurst(banner: Banner, bans: number, { runs, say }: Lab): Promise<Burst> {
  const ms: number[] = []
  const cpu: number[] = []
  for (let round = 1; round <= runs; round++) {
    await withMachine(async ({ machine, folder }) => {
      const log = `${folder}/auth.log`
      spawnSync('touch', [log])
      await using running = await banner.start({ on: machine.on, folder, log })
      await using probe = new Probe(machine.on)
      const ips = addresses(0, bans)
      const elements = ips.map(running.set)
      const before = cpuOfTree(running.pid)
      const text = failuresOf(ips, running.maxretry)
      const since = performance.now()
      let took = await probe.file(log, text, { wait: elements.slice(-1), limit: LIMIT_S })
      if (took === null)
        throw new Error(`${banner.name} has not banned the last of ${bans} within ${LIMIT_S} s`)
      // The last one is nearly always the last in the kernel too; where it is not, the others are waited for.
      while ((await probe.missing(elements)) > 0) took = performance.now() - since
      ms.push(took)
      cpu.push((await cpuAtRest(running.pid)) - before)
      await running.stop()
      say(`${banner.name}: ${bans} bans in ${Math.round(took)} ms (run ${round})`)
    })
  }
  return toBurst(banner.name, bans, { ms, cpu })
}

/** Much is written once the addresses are in the kernel: that belongs to what a ban costs. */
async function cpuAtRest(pid: number): Promise<number> {
  let now = cpuOfTree(pid)
  for (let seconds = 0; seconds < LONGEST_WORK_S; seconds++) {
    const before = now
    await pause(1_000)
    now = cpuOfTree(pid)
    if (now - before < RESTING_S) return before
  }
  return now
}

/** The floor: one nft process that is given all elements with their time-outs in one transaction. */
export async function measureFloor(bans: number, { runs, say }: Lab): Promise<Burst> {
  const ms: number[] = []
  const cpu: number[] = []
  const elements = addresses(0, bans).map((ip) => `${ip} timeout ${HOUR}`)
  const script = `add element inet floor banned { ${elements.join(', ')} }\n`
  for (let round = 1; round <= runs; round++) {
    await withMachine(async ({ machine, folder }) => {
      const nft = (text: string): Run => {
        const input = `${folder}/script.nft`
        writeFileSync(input, text)
        const [file = '', ...args] = machine.on(['nft', '-f', '-'])
        return run({ file, args, input })
      }
      nft('add table inet floor\nadd set inet floor banned { type ipv4_addr; flags timeout; }\n')
      const done = nft(script)
      ms.push(done.seconds * 1_000)
      cpu.push(done.cpu)
    })
    say(`floor: ${bans} elements in ${Math.round(ms.at(-1) ?? 0)} ms (run ${round})`)
  }
  return toBurst('floor', bans, { ms, cpu })
}

function toBurst(program: string, bans: number, { ms, cpu }: { ms: number[]; cpu: number[] }): Burst {
  const took = median(ms)
  return {
    program,
    bans,
    ms: rounded(took, 1),
    bans_per_second: Math.round((bans / took) * 1_000),
    cpu_ms_per_ban: rounded((median(cpu) / bans) * 1_000, 4),
  }
}

export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

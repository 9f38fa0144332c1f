import { labTrouble } from '../../lab/available.ts'
import { installFromDebian } from '../install.ts'
import { BANNERS, warder } from './banners.ts'
import { measureFileLatency, measureJournalLatency, type Latency } from './latency.ts'
import type { Lab } from './lab.ts'
import { measureHolding, type Holding } from './memory.ts'
import type { Banner } from './program.ts'
import { measureRestart, type Restart } from './restart.ts'
import { measureBurst, measureFloor, rounded, type Burst } from './throughput.ts'

export const PARTS = ['throughput', 'latency', 'restart', 'memory'] as const
export type Part = (typeof PARTS)[number]

/** What is measured. `full`: the others get as many bans as Warder does, which takes them very long. */
export interface BansOptions extends Lab {
  readonly parts: readonly Part[]
  readonly full: boolean
}

/** All figures, and the ones that have goals; null: not measured. */
export interface BansFigures {
  readonly ratios: Readonly<Record<string, number | null>>
  readonly bursts: readonly Burst[]
  readonly latencies: readonly Latency[]
  readonly restarts: readonly Restart[]
  readonly holdings: readonly Holding[]
  readonly missing: readonly string[]
}

const BANS = 10_000
const MANY = 100_000
/** Their cost per ban is the same for more bans (fail2ban), or grows (sshguard). */
const BANS_OF_OTHERS = 1_000
const FLAT = [1_000, 100_000] as const
const TRIALS = 40
const TRIALS_OF_OTHERS = 20

/** Why nothing can be measured here; null: it can. */
export const troubleOfBans = (): string | null =>
  labTrouble(['/usr/sbin/nft', '/usr/bin/python3', '/lib/systemd/systemd-journald'])

/** Measures bans from the log to the kernel: ours, fail2ban, sshguard and one nft transaction side by side. */
export async function bans(options: BansOptions): Promise<BansFigures> {
  const { parts, say } = options
  const others = BANNERS.filter((banner) => banner !== warder && banner.trouble() !== null)
  installFromDebian(
    others.map(({ name }) => name),
    say,
  )
  const missing: string[] = []
  const present = BANNERS.filter((banner) => {
    const trouble = banner.trouble()
    if (trouble !== null) {
      say(`not measured: ${banner.name} (${trouble})`)
      missing.push(`${banner.name}: ${trouble}`)
    }
    return trouble === null
  })
  const has = (part: Part): boolean => parts.includes(part)
  const bursts = has('throughput') ? await measureBursts(present, options) : []
  const latencies = has('latency') ? await measureLatencies(present, options, missing) : []
  const restarts: Restart[] = []
  if (has('restart')) {
    // The others close the port of ssh alone, and what is sent here goes to another.
    for (const banner of present.filter((one) => one === warder))
      restarts.push(await measureRestart(banner, sizeFor(banner, BANS, options), shorter(banner, options)))
  }
  const holdings: Holding[] = []
  if (has('memory')) {
    for (const banner of present.filter(({ name }) => name !== 'sshguard'))
      holdings.push(await measureHolding(banner, sizeFor(banner, MANY, options), { runs: 1, say }))
  }
  const ratios = ratiosOf({ bursts, latencies, restarts, holdings })
  return { ratios, bursts, latencies, restarts, holdings, missing }
}

const sizeFor = ({ name }: Banner, most: number, { full }: BansOptions): number =>
  name === 'warder' || full ? most : BANS_OF_OTHERS

/** What takes the others minutes is measured once. */
const shorter = ({ name }: Banner, { runs, say }: Lab): Lab => ({ runs: name === 'warder' ? runs : 1, say })

async function measureBursts(present: readonly Banner[], options: BansOptions): Promise<readonly Burst[]> {
  const bursts: Burst[] = [await measureFloor(BANS, options)]
  for (const banner of present)
    bursts.push(await measureBurst(banner, sizeFor(banner, BANS, options), shorter(banner, options)))
  if (present.includes(warder))
    for (const size of FLAT)
      bursts.push(await measureBurst(warder, size, { ...options, runs: size > BANS ? 1 : options.runs }))
  return bursts
}

async function measureLatencies(
  present: readonly Banner[],
  options: BansOptions,
  missing: string[],
): Promise<readonly Latency[]> {
  const latencies: Latency[] = []
  for (const banner of present) {
    const trials = banner === warder ? TRIALS * options.runs : TRIALS_OF_OTHERS
    latencies.push(await measureFileLatency(banner, trials, options))
  }
  for (const banner of present) {
    const trials = banner === warder ? TRIALS : TRIALS_OF_OTHERS
    // Debian's fail2ban reads the journal only with a package of its own beside it.
    const measured = await measureJournalLatency(banner, trials, options).catch((err: unknown) => {
      if (banner === warder) throw err
      options.say(`not measured: ${banner.name}, journal: ${String(err).slice(0, 300)}`)
      missing.push(`${banner.name}, journal`)
    })
    if (measured) latencies.push(measured)
  }
  return latencies
}

type Measured = Pick<BansFigures, 'bursts' | 'latencies' | 'restarts' | 'holdings'>

function ratiosOf({ bursts, latencies, restarts, holdings }: Measured): Record<string, number | null> {
  const of = (program: string, most = BANS): Burst | undefined =>
    bursts.find((one) => one.program === program && one.bans <= most)
  const speed = (program: string): number | null => {
    const [own, other] = [of('warder'), of(program)]
    return own === undefined || other === undefined
      ? null
      : rounded(own.bans_per_second / other.bans_per_second, 1)
  }
  const toFloor = speed('floor')
  const costs = FLAT.map(
    (size) => bursts.find((one) => one.program === 'warder' && one.bans === size)?.cpu_ms_per_ban,
  )
  const own = (source: Latency['source']) =>
    latencies.find((one) => one.program === 'warder' && one.source === source)
  const restart = restarts.find(({ program }) => program === 'warder')
  const holding = holdings.find(({ program }) => program === 'warder')
  const [few, many] = costs
  return {
    ratio_to_fail2ban: speed('fail2ban'),
    ratio_to_sshguard: speed('sshguard'),
    ratio_to_floor:
      toFloor === null || of('floor') === undefined
        ? null
        : rounded((of('warder')?.ms ?? 0) / (of('floor')?.ms ?? 1), 2),
    cost_100k_to_1k: few === undefined || many === undefined ? null : rounded(many / few, 2),
    file_to_kernel_p50_ms: own('file')?.p50 ?? null,
    file_to_kernel_p99_ms: own('file')?.p99 ?? null,
    journal_beyond_journald_p50_ms: own('journal')?.beyond_journald?.p50 ?? null,
    journal_beyond_journald_p99_ms: own('journal')?.beyond_journald?.p99 ?? null,
    restart_ready_ms: restart?.ready_ms ?? null,
    restart_leaked_packets: restart?.leaked ?? null,
    rss_idle_mb: holding?.rss_idle_mb ?? null,
    rss_100k_mb: holding !== undefined && holding.bans === MANY ? holding.rss_mb : null,
    state_100k_mb: holding !== undefined && holding.bans === MANY ? holding.state_mb : null,
  }
}

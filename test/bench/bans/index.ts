import { existsSync } from 'node:fs'
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
  const wanted = BANNERS.flatMap(({ packages }) => Object.entries(packages))
  installFromDebian(
    wanted.flatMap(([name, file]) => (existsSync(file) ? [] : [name])),
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
  const all: Figures = { bursts: [], latencies: [], restarts: [], holdings: [] }
  const attempt = async <T>(name: string, into: T[], measure: () => Promise<T>): Promise<void> => {
    try {
      into.push(await measure())
    } catch (err) {
      // What was measured before is not to be lost.
      say(`not measured: ${name} (${String(err).slice(0, 300)})`)
      missing.push(name)
    }
  }
  for (const part of parts) await MEASURES[part](present, options, { ...all, attempt })
  return { ratios: ratiosOf(all), ...all, missing }
}

/** What is measured, as it comes in. */
interface Figures {
  readonly bursts: Burst[]
  readonly latencies: Latency[]
  readonly restarts: Restart[]
  readonly holdings: Holding[]
}

/** Where figures go. */
interface Taken extends Figures {
  readonly attempt: <T>(name: string, into: T[], measure: () => Promise<T>) => Promise<void>
}

type Measure = (present: readonly Banner[], options: BansOptions, taken: Taken) => Promise<void>

const sizeFor = ({ name }: Banner, most: number, { full }: BansOptions): number =>
  name === 'warder' || full ? most : BANS_OF_OTHERS

/** What takes the others minutes is measured once. */
const shorter = ({ name }: Banner, { runs, say }: Lab): Lab => ({ runs: name === 'warder' ? runs : 1, say })

const measureBursts: Measure = async (present, options, { attempt, bursts }) => {
  await attempt('floor', bursts, () => measureFloor(BANS, options))
  for (const banner of present)
    await attempt(`${banner.name}, throughput`, bursts, () =>
      measureBurst(banner, sizeFor(banner, BANS, options), shorter(banner, options)),
    )
  for (const size of present.includes(warder) ? FLAT : [])
    await attempt(`warder, ${size} bans`, bursts, () =>
      measureBurst(warder, size, { ...options, runs: size > BANS ? 1 : options.runs }),
    )
}

const measureLatencies: Measure = async (present, options, { attempt, latencies }) => {
  for (const banner of present) {
    const trials = banner === warder ? TRIALS * options.runs : TRIALS_OF_OTHERS
    await attempt(`${banner.name}, file`, latencies, () => measureFileLatency(banner, trials, options))
  }
  for (const banner of present) {
    const trials = banner === warder ? TRIALS : TRIALS_OF_OTHERS
    await attempt(`${banner.name}, journal`, latencies, () => measureJournalLatency(banner, trials, options))
  }
}

/** The others close the port of ssh alone, and what is sent here goes to another. */
const measureRestarts: Measure = async (present, options, { attempt, restarts }) => {
  if (!present.includes(warder)) return
  await attempt('warder, restart', restarts, () => measureRestart(warder, BANS, options))
}

const measureHoldings: Measure = async (present, options, { attempt, holdings }) => {
  for (const banner of present.filter(({ name }) => name !== 'sshguard'))
    await attempt(`${banner.name}, memory`, holdings, () =>
      measureHolding(banner, sizeFor(banner, MANY, options), { ...options, runs: 1 }),
    )
}

const MEASURES: Readonly<Record<Part, Measure>> = {
  throughput: measureBursts,
  latency: measureLatencies,
  restart: measureRestarts,
  memory: measureHoldings,
}

function ratiosOf({ bursts, latencies, restarts, holdings }: Figures): Record<string, number | null> {
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

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasFail2ban, runFail2ban } from './fail2ban.ts'
import { LOGS, writeLog } from './generate.ts'
import { installFromDebian } from './install.ts'
import { CASES, type Case } from './jails.ts'
import { median, run } from './measure.ts'
import { unitFlags } from '../../tools/flags.ts'

/** How much is measured. */
export interface DetectOptions {
  readonly lines: number
  readonly runs: number
  readonly say: (text: string) => void
}

/** One program on one log: medians. */
export interface Figure {
  readonly case: string
  readonly program: string
  readonly lines: number
  readonly cpu_seconds: number
  /** Ours: the same while V8 still compiles what runs often. */
  readonly cpu_seconds_first_time?: number
  readonly lines_per_cpu_second: number
  /** How our speed compares with this one's, round by round: a machine that is slow for a while is so for both. Not of ours. */
  readonly slower_by?: number
}

/** All figures, and the worst ratios; a ratio to a program that is missing is null. */
export interface Detected {
  readonly figures: readonly Figure[]
  readonly ratios: Readonly<Record<string, number | null>>
  readonly missing: readonly string[]
}

const SSHGUARD = ['/usr/libexec/sshguard/sshg-parser', '/usr/lib/sshguard/sshg-parser']
const RIPGREP = '/usr/bin/rg'
const OWN = join(import.meta.dirname, 'own.ts')
/** fail2ban gets one line of so many: it is slower by far more than this. */
const FAIL2BAN_SHARE = 20
const SEED = 1

type Program = 'warder' | 'fail2ban' | 'sshguard' | 'ripgrep'

const sshguardParser = (): string | undefined => SSHGUARD.find((file) => existsSync(file))

/** Programs that are not on this machine, by the name of their Debian package. */
function missingPrograms(): readonly Program[] {
  const missing: Program[] = []
  if (!hasFail2ban()) missing.push('fail2ban')
  if (sshguardParser() === undefined) missing.push('sshguard')
  if (!existsSync(RIPGREP)) missing.push('ripgrep')
  return missing
}

/** Installs what is missing from Debian, as root; answers what is still missing. */
function installMissing(say: (text: string) => void): readonly Program[] {
  installFromDebian(missingPrograms(), say)
  return missingPrograms()
}

/** CPU seconds of one run of a program over a log; of ours also those of the first time, while V8 still compiles. */
interface Seconds {
  readonly cpu: number
  readonly first?: number
}

function runOwn(part: Case, log: { path: string; lines: number }): Seconds {
  const flags = [...unitFlags(), '--disable-warning=ExperimentalWarning']
  const args = [...flags, OWN, part.name, log.path, String(log.lines)]
  const { output } = run({ file: process.execPath, args })
  const { first, again } = JSON.parse(output) as Record<'first' | 'again', { cpu: number; failures: number }>
  if (again.failures === 0) throw new Error(`${part.name}: no failure was found`)
  return { cpu: again.cpu, first: first.cpu }
}

async function once(program: Program, part: Case, log: { path: string; lines: number }): Promise<Seconds> {
  switch (program) {
    case 'warder':
      return runOwn(part, log)
    case 'fail2ban':
      return { cpu: await runFail2ban(part, log.path, log.lines) }
    case 'sshguard':
      return { cpu: run({ file: sshguardParser() ?? '', args: [], input: log.path }).cpu }
    case 'ripgrep':
      return { cpu: run({ file: RIPGREP, args: ['-c', part.ripgrep, log.path] }).cpu }
  }
}

/** The programs in turn, again and again, so that a machine that gets slower does so for all of them. */
async function measureCase(
  part: Case,
  programs: readonly Program[],
  { path, lines, runs }: Measured,
): Promise<Figure[]> {
  const seconds = new Map<Program, Seconds[]>(programs.map((program) => [program, []]))
  const linesOf = (program: Program): number =>
    program === 'fail2ban' ? Math.max(1_000, Math.round(lines / FAIL2BAN_SHARE)) : lines
  for (let round = 0; round < runs; round++) {
    for (const program of programs)
      seconds.get(program)?.push(await once(program, part, { path, lines: linesOf(program) }))
  }
  const own = seconds.get('warder') ?? []
  return programs.map((program) => {
    const measured = seconds.get(program) ?? []
    const cpu = median(measured.map((one) => one.cpu))
    const perLine = (of: Program, one: Seconds | undefined): number => (one?.cpu ?? Number.NaN) / linesOf(of)
    const ratios = measured.map((one, round) => perLine(program, one) / perLine('warder', own[round]))
    const firsts = measured.flatMap(({ first }) => first ?? [])
    const read = linesOf(program)
    return {
      case: part.name,
      program,
      lines: read,
      cpu_seconds: cpu,
      ...(firsts.length === 0 ? {} : { cpu_seconds_first_time: median(firsts) }),
      lines_per_cpu_second: Math.round(read / cpu),
      ...(program === 'warder' ? {} : { slower_by: median(ratios) }),
    }
  })
}

interface Measured {
  readonly path: string
  readonly lines: number
  readonly runs: number
}

/** The worst over cases of our speed against another's; of ripgrep, which is the floor, our CPU against its own. */
function worstRatio(figures: readonly Figure[], other: Program, cases: readonly Case[]): number | null {
  const ratios = cases.map(
    (part) => figures.find((one) => one.case === part.name && one.program === other)?.slower_by ?? Number.NaN,
  )
  if (ratios.some((ratio) => Number.isNaN(ratio))) return null
  const worst = other === 'ripgrep' ? Math.max(...ratios.map((ratio) => 1 / ratio)) : Math.min(...ratios)
  return Number(worst.toFixed(2))
}

/** Measures detection: ours, fail2ban, sshguard and ripgrep side by side on the same logs. */
export async function detect({ lines, runs, say }: DetectOptions): Promise<Detected> {
  const missing = installMissing(say)
  for (const name of missing) say(`not installed, so not measured: ${name}`)
  const every: readonly Program[] = ['warder', 'fail2ban', 'sshguard', 'ripgrep']
  const programs = every.filter((program) => !missing.includes(program))
  const folder = mkdtempSync(join(tmpdir(), 'warder-bench-'))
  const hour = 3_600_000
  const until = Math.floor(Date.now() / hour) * hour
  const figures: Figure[] = []
  try {
    for (const log of LOGS) {
      const path = join(folder, `${log}.log`)
      writeLog(path, { log, lines, seed: SEED, until })
      for (const part of CASES.filter((one) => one.log === log)) {
        say(`measuring ${part.name}: ${runs} runs of ${programs.join(', ')}`)
        figures.push(...(await measureCase(part, programs, { path, lines, runs })))
      }
      rmSync(path)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const ratios: Record<string, number | null> = {}
  for (const other of every.slice(1)) {
    const of = (isNginx: boolean) =>
      worstRatio(
        figures,
        other,
        CASES.filter((part) => part.isNginx === isNginx),
      )
    ratios[`ratio_to_${other}`] = of(false)
    ratios[`ratio_to_${other}_nginx`] = of(true)
  }
  return { figures, ratios, missing }
}

const ROW = '| --- | --- | ---: | ---: | ---: |'

/** The figures as a table of Markdown. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = figures.map(
    (one) =>
      `| ${one.case} | ${one.program} | ${one.lines.toLocaleString('en')} | ${one.cpu_seconds.toFixed(2)} | ${one.lines_per_cpu_second.toLocaleString('en')} |`,
  )
  return ['| log | program | lines | CPU s | lines per CPU-second |', ROW, ...rows].join('\n')
}

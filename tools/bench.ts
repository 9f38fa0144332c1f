// Measures: `npm run bench -- detect [--json] [--lines N] [--runs N]`, `memory [--json] [--runs N]`, `bans [--json] [--runs N]
// [--only PART] [--full]`, `preview [--json] [--lines N] [--runs N]` with as many failures as lines, or `server [--json] [--agents N]
// [--rate N] [--seconds N] [--rows N,N…] [--keep FOLDER]`. What it says on the way goes to standard error.
import { parseArgs } from 'node:util'
import { bans, PARTS, troubleOfBans } from '../test/bench/bans/index.ts'
import { detect, formatFigures } from '../test/bench/detect.ts'
import { memory } from '../test/bench/memory.ts'
import { preview } from '../test/bench/preview.ts'
import { measureServer } from '../test/bench/server/index.ts'
import { buildQuietly } from './build.ts'

const USAGE = `usage: npm run bench -- detect|memory|bans|preview|server [--json] [--lines N] [--runs N] [--only ${PARTS.join('|')}] [--full] [--agents N] [--rate N] [--seconds N] [--rows N,N] [--keep FOLDER]\n`
/** As many as an agent tracks of one jail. */
const ADDRESSES = 100_000
const MIB = 1_048_576

function refuse(why: string): never {
  process.stderr.write(`${why}\n${USAGE}`)
  process.exit(2)
}

function countOf(name: string, text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text)) refuse(`--${name} is a number from 1 on`)
  return Number(text)
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        lines: { type: 'string', default: '1000000' },
        runs: { type: 'string' },
        only: { type: 'string', multiple: true },
        full: { type: 'boolean', default: false },
        agents: { type: 'string', default: '1000' },
        rate: { type: 'string', default: '10000' },
        seconds: { type: 'string', default: '60' },
        rows: { type: 'string', default: '20000000' },
        keep: { type: 'string' },
      },
    })
  } catch (err) {
    return refuse(err instanceof Error ? err.message : String(err))
  }
}

const { values, positionals } = readArguments()
const [bench] = positionals
const say = (text: string): void => void process.stderr.write(`${text}\n`)

async function measureDetection(): Promise<void> {
  const lines = countOf('lines', values.lines)
  const runs = countOf('runs', values.runs ?? '5')
  say(
    'fail2ban reads the first twentieth of the log, and its figures are per line; the others read the whole log.',
  )
  const { figures, ratios, missing } = await detect({ lines, runs, say })
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ ...ratios, lines, runs, missing, figures })}\n`)
    return
  }
  process.stdout.write(`${formatFigures(figures)}\n\n`)
  for (const [name, ratio] of Object.entries(ratios))
    process.stdout.write(`${name}: ${ratio ?? 'not measured'}\n`)
}

async function measureMemory(): Promise<void> {
  const runs = countOf('runs', values.runs ?? '3')
  const figures = await memory({ runs, addresses: ADDRESSES, say })
  if (values.json) process.stdout.write(`${JSON.stringify({ ...figures, runs, addresses: ADDRESSES })}\n`)
  else
    for (const [name, bytes] of Object.entries(figures))
      process.stdout.write(
        `${name}: ${bytes === null ? 'not measured' : `${(bytes / MIB).toFixed(1)} MiB`}\n`,
      )
}

async function measureBans(): Promise<void> {
  const runs = countOf('runs', values.runs ?? '3')
  const parts = PARTS.filter((part) => values.only === undefined || values.only.includes(part))
  if (parts.length < (values.only?.length ?? 0)) refuse(`the parts are ${PARTS.join(', ')}`)
  const trouble = troubleOfBans()
  if (trouble !== null) refuse(`bans cannot be measured here: ${trouble}`)
  if (!(await buildQuietly())) process.exit(1)
  const { ratios, ...figures } = await bans({ parts, runs, full: values.full, say })
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ ...ratios, runs, ...figures })}\n`)
    return
  }
  for (const [name, list] of Object.entries(figures))
    process.stdout.write(`${name}: ${JSON.stringify(list, null, 1)}\n`)
  for (const [name, ratio] of Object.entries(ratios))
    process.stdout.write(`${name}: ${ratio ?? 'not measured'}\n`)
}

async function measurePreview(): Promise<void> {
  const runs = countOf('runs', values.runs ?? '5')
  const failures = countOf('lines', values.lines)
  const figures = await preview({ failures, runs, say })
  if (values.json) process.stdout.write(`${JSON.stringify({ ...figures, runs })}\n`)
  else for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name}: ${value}\n`)
}

async function measureTheServer(): Promise<void> {
  const agents = values.agents === '0' ? 0 : countOf('agents', values.agents)
  const { load, history } = await measureServer({
    agents,
    rate: countOf('rate', values.rate),
    seconds: countOf('seconds', values.seconds),
    rows: values.rows === '0' ? [] : values.rows.split(',').map((rows) => countOf('rows', rows)),
    keep: values.keep ?? null,
    say,
  })
  const largest = history.at(-1)
  const figures = {
    agents,
    failures_per_s: load?.failures_per_s ?? null,
    lost: load?.lost ?? null,
    line_to_dashboard_p95_ms: load?.line_to_dashboard_p95_ms ?? null,
    rows: largest?.rows ?? null,
    query_p95_ms: largest?.query_p95_ms ?? null,
    start_ms: largest?.start_ms ?? null,
    rss_mb: Math.max(load?.rss_mb ?? 0, largest?.rss_mb ?? 0),
    load,
    history,
  }
  process.stdout.write(`${values.json ? JSON.stringify(figures) : JSON.stringify(figures, null, 1)}\n`)
}

const BENCHES = {
  detect: measureDetection,
  memory: measureMemory,
  bans: measureBans,
  preview: measurePreview,
  server: measureTheServer,
}
const isBench = (name: string | undefined): name is keyof typeof BENCHES =>
  name !== undefined && name in BENCHES

if (positionals.length !== 1 || !isBench(bench))
  refuse('there are five benches: detect, memory, bans, preview and server')
await BENCHES[bench]()

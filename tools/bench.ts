// Measures: `npm run bench -- detect [--json] [--lines N] [--runs N]`. What it says on the way goes to standard error.
import { parseArgs } from 'node:util'
import { detect, formatFigures } from '../test/bench/detect.ts'

const USAGE = 'usage: npm run bench -- detect [--json] [--lines N] [--runs N]\n'

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
        runs: { type: 'string', default: '5' },
      },
    })
  } catch (err) {
    return refuse(err instanceof Error ? err.message : String(err))
  }
}

const { values, positionals } = readArguments()
if (positionals.length !== 1 || positionals[0] !== 'detect') refuse('there is one bench: detect')
const lines = countOf('lines', values.lines)
const runs = countOf('runs', values.runs)
const say = (text: string): void => void process.stderr.write(`${text}\n`)
say(
  'fail2ban reads the first twentieth of the log, and its figures are per line; the others read the whole log.',
)

const { figures, ratios, missing } = await detect({ lines, runs, say })
if (values.json) {
  process.stdout.write(`${JSON.stringify({ ...ratios, lines, runs, missing, figures })}\n`)
} else {
  process.stdout.write(`${formatFigures(figures)}\n\n`)
  for (const [name, ratio] of Object.entries(ratios))
    process.stdout.write(`${name}: ${ratio ?? 'not measured'}\n`)
}

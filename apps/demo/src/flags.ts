import { NODES_LIMIT, SCRIPTS, type ScriptName } from '@warder/simulator'
import { parseArgs } from 'node:util'

/** What can be said on the command line. */
export interface Flags {
  readonly host: string
  readonly port: number
  readonly nodes: number
  readonly seed: number
  readonly speed: number
  readonly script: ScriptName
  /** Where everything is kept; null: in a temporary folder that is removed. */
  readonly keep: string | null
  readonly history: boolean
  readonly dev: boolean
  readonly help: boolean
}

/** Checked flags, or a sentence about the first that is wrong. */
export type FlagsRead =
  { readonly ok: true; readonly flags: Flags } | { readonly ok: false; readonly problem: string }

const names = Object.keys(SCRIPTS)

/** The text of `--help`. */
export const HELP = `npm run demo [-- OPTIONS]   a cluster on this machine: the real server, real agents, a simulated world

  --port N        where the dashboard is (8008; 0 for any free port)
  --host ADDR     on which address (127.0.0.1)
  --nodes N       how many nodes, 1 to ${NODES_LIMIT} (5)
  --seed N        another number, another world (1)
  --speed X       how many times as fast the world goes (1)
  --script NAME   what happens besides the ordinary: ${names.join(', ')} (quiet-day)
  --keep DIR      keep everything there and go on with it the next time
  --no-history    begin without a month of made-up past
  --dev           reload the dashboard (port 8009) and restart the rest when sources change
  --help          this text

Nothing is banned in reality: firewalls are kept in memory, addresses are those set aside for documentation.
`

const options = {
  port: { type: 'string', default: '8008' },
  host: { type: 'string', default: '127.0.0.1' },
  nodes: { type: 'string', default: '5' },
  seed: { type: 'string', default: '1' },
  speed: { type: 'string', default: '1' },
  script: { type: 'string', default: 'quiet-day' },
  keep: { type: 'string' },
  history: { type: 'boolean', default: true },
  dev: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** The arguments after the program's name → flags. */
export function readFlags(args: readonly string[]): FlagsRead {
  try {
    const { values } = parseArgs({ args: [...args], options, allowNegative: true })
    const script = names.find((name): name is ScriptName => name === values.script)
    if (!script)
      return { ok: false, problem: `--script takes one of ${names.join(', ')}, not "${values.script}"` }
    return {
      ok: true,
      flags: {
        host: values.host,
        port: integer('port', values.port, [0, 65_535]),
        nodes: integer('nodes', values.nodes, [1, NODES_LIMIT]),
        seed: integer('seed', values.seed, [0, 2 ** 31]),
        speed: number('speed', values.speed, [0.01, 1_000]),
        script,
        keep: values.keep ?? null,
        history: values.history,
        dev: values.dev,
        help: values.help,
      },
    }
  } catch (err) {
    return { ok: false, problem: (err as Error).message }
  }
}

function number(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new RangeError(`--${name} takes a number from ${least} to ${most}, not "${text}"`)
  return value
}

function integer(name: string, text: string, bounds: readonly [number, number]): number {
  if (!/^\d+$/.test(text)) throw new RangeError(`--${name} takes a whole number, not "${text}"`)
  return number(name, text, bounds)
}

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { inRoot } from '../root.ts'

const HELP = `npm start [-- OPTIONS]   starts the Warder server and an agent for this machine

  --port N      where the server listens (8008)
  --host ADDR   on which address (all of this machine's; 127.0.0.1 for this machine only)
  --state DIR   where history, keys and settings are kept (var/start)
  --fresh       forget what was kept, start as new
  --help        this text
`

/** What the command line asks for. */
export interface Options {
  readonly port: number
  /** Empty: every address of this machine. */
  readonly host: string
  /** An absolute path. */
  readonly state: string
  readonly fresh: boolean
}

/** Ends the process with a sentence that says what to do. */
export function fail(sentence: string): never {
  process.stderr.write(`warder: ${sentence}\n`)
  process.exit(1)
}

/** Arguments → options; ends the process with help or a sentence where they are none. */
export function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '8008' },
        host: { type: 'string', default: '' },
        state: { type: 'string', default: inRoot('var', 'start') },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) {
      process.stdout.write(HELP)
      process.exit(0)
    }
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      fail(`--port takes a number from 1 to 65535, not "${values.port}".`)
    return { port, host: values.host, state: resolve(values.state), fresh: values.fresh }
  } catch (err) {
    fail(`${(err as Error).message}\n\n${HELP}`)
  }
}

/** How this machine reaches what listens on `host`. */
export function reachable(host: string): string {
  if (!host || host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

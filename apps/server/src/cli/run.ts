import { endSignal, Lifecycle, makeLogger, systemClock, tellSystemd } from '@warder/daemon'
import type { ServerConfig } from '../config/schema.ts'
import { makeServer, type Started } from '../server.ts'

/** How long stopping may take (ms). */
const STOP_LIMIT_MS = 2_000

export interface RunParts {
  readonly config: ServerConfig
  /** Whether somebody looks at the output. */
  readonly terminal: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
  say(line: string): void
}

/** Runs the server until a signal ends it; answers the exit code. */
export async function run({ config, terminal, environment, say }: RunParts): Promise<number> {
  const { level, form } = config.log
  const log = makeLogger({
    name: 'warder-server',
    level,
    form: form === 'auto' ? (terminal ? 'text' : 'json') : form,
  })
  const server = makeServer({ config, clock: systemClock, log })
  const signal = endSignal()
  const lifecycle = new Lifecycle([
    {
      name: 'server',
      start: async () => announce(await server.start(), say),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    },
  ])
  await lifecycle.start()
  process.on('SIGUSR2', () => void server.renewCertificate())
  using told = tellSystemd({ environment, clock: systemClock })
  told.ready()
  log.info({ signal: await signal }, 'stopping')
  let late = false
  await lifecycle.stop(STOP_LIMIT_MS, () => {
    late = true
  })
  if (late) log.error('stopping took too long and was cut short')
  return late ? 1 : 0
}

function announce({ url, others, certificate, claimCode }: Started, say: (line: string) => void): void {
  say(`Dashboard:   ${[url, ...others].join('  ')}`)
  if (certificate?.source === 'own' && others.length > 0)
    say(`Certificate: ${certificate.fingerprint}   (browsers warn once; compare this SHA-256 there)`)
  if (claimCode !== null)
    say(`Claim code:  ${claimCode}   (enter it in the dashboard to become its operator)`)
}

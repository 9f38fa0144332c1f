import { makeLogger, systemClock } from '../../../packages/daemon/src/index.ts'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../../apps/server/src/config/load.ts'
import { makeServer } from '../../../apps/server/src/server.ts'

const MAIN = fileURLToPath(new URL('../../../apps/server/src/main.ts', import.meta.url))
export const OPERATOR = { name: 'bench', password: 'correct horse battery' }

/** Where a server of the bench keeps everything. */
export interface Place {
  readonly folder: string
  readonly config: string
  readonly history: string
}

/** Where everything lies in a folder of the bench. */
export const placeOf = (folder: string): Place => ({
  folder,
  config: join(folder, 'server.toml'),
  history: join(folder, 'data', 'history.sqlite'),
})

/** Makes a folder with an operator and as many join texts as agents will need. */
export async function prepare(
  folder: string,
  agents: number,
): Promise<{ place: Place; joins: readonly string[] }> {
  await mkdir(folder, { recursive: true })
  const config = join(folder, 'server.toml')
  await writeFile(
    config,
    `host = "127.0.0.1"\nport = 0\ndata_dir = "${folder}/data"\nauth_log = "${folder}/auth.log"\nweb_root = "${folder}"\nrequests_per_minute = 1000000\n[log]\nlevel = "warn"\nform = "text"\n`,
  )
  const flags = { config, port: undefined, host: undefined, dataDir: undefined }
  const log = makeLogger({ name: 'bench', level: 'error', form: 'text' })
  const server = makeServer({ config: await readConfig(flags), clock: systemClock, log })
  await server.start()
  try {
    await server.createOperator(OPERATOR.name, OPERATOR.password)
    const joins = Array.from({ length: agents }, () => server.createJoin(60))
    return { place: placeOf(folder), joins }
  } finally {
    await server[Symbol.asyncDispose]()
  }
}

/** A real server process. */
export interface Running {
  readonly url: string
  readonly child: ChildProcess
  /** From the start of the process to the line that says where it is (ms). */
  readonly startMs: number
  rssMb(): Promise<number>
  peakRssMb(): Promise<number>
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Starts the server as it is run, in a process of its own. */
export async function startServer({ config }: Place): Promise<Running> {
  const began = performance.now()
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, 'run', '--config', config],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const exit = once(child, 'exit')
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const found = /Dashboard: +(https?:\/\/\S+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    void exit.then(([code]) => reject(new Error(`the server ended with ${code}`)))
  })
  const startMs = performance.now() - began
  /** Of the server and of the processes that read for it. */
  const memory = async (name: string): Promise<number> => {
    const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
    const statuses = [
      child.pid,
      ...children
        .trim()
        .split(' ')
        .filter((pid) => pid !== ''),
    ].map((pid) => readFile(`/proc/${pid}/status`, 'utf8'))
    return (await Promise.all(statuses))
      .map((status) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1_024)
      .reduce((sum, mb) => sum + mb)
  }
  return {
    url,
    child,
    startMs,
    rssMb: () => memory('VmRSS'),
    peakRssMb: () => memory('VmHWM'),
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      await exit
    },
  }
}

/** Signs in; answers the cookie. */
export async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(OPERATOR),
  })
  if (!answer.ok) throw new Error(`signing in failed: ${await answer.text()}`)
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

/** The 95th percentile of some numbers, by rank. */
export function p95(numbers: readonly number[]): number {
  const sorted = Float64Array.from(numbers).toSorted()
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? Number.NaN
}

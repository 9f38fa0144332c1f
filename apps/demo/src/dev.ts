import { spawn, type ChildProcess } from 'node:child_process'
import { watch } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer, type ViteDevServer } from 'vite'
import type { Flags } from './flags.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const WEB = join(ROOT, 'apps', 'web')
const WATCHED = ['packages', 'apps/server', 'apps/agent', 'apps/demo'].map((folder) => join(ROOT, folder))

/** Where the dashboard with live reload is. */
const WEB_PORT = 8009

/** Several files are written at once when an editor or a formatter saves. */
const SETTLE_MS = 150

/**
 * Runs the demonstration as a child that is started anew when a source changes, and vite for the dashboard.
 * Resolves with the child's exit code when the operator ends it. @throws Error when port 8009 is taken
 */
export async function develop(flags: Flags, main: string, args: readonly string[]): Promise<number> {
  const vite = await serveDashboard(flags)
  const folder = flags.keep ?? (await mkdtemp(join(tmpdir(), 'warder-dev-')))
  process.stdout.write(`\n  Live reload  ${urlOf(flags.host, WEB_PORT)}\n`)
  const childArgs = [main, ...args.filter((arg) => arg !== '--dev'), '--keep', folder]
  try {
    return await runAnewOnChange(childArgs)
  } finally {
    await vite.close()
    if (flags.keep === null) await rm(folder, { recursive: true, force: true })
  }
}

const urlOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

async function serveDashboard({ host, port }: Flags): Promise<ViteDevServer> {
  const known = new Set(process.listeners('SIGTERM'))
  const vite = await createServer({
    root: WEB,
    configFile: join(WEB, 'vite.config.ts'),
    clearScreen: false,
    logLevel: 'warn',
    server: {
      host,
      port: WEB_PORT,
      strictPort: true,
      proxy: { '/api': { target: urlOf(host, port), ws: true } },
    },
  })
  // Vite ends the process on this signal, before the child has stopped: here the signal is ours.
  for (const listener of process.listeners('SIGTERM'))
    if (!known.has(listener)) process.off('SIGTERM', listener)
  await vite.listen()
  return vite
}

async function runAnewOnChange(args: readonly string[]): Promise<number> {
  const { promise: ended, resolve } = Promise.withResolvers<number>()
  let child: ChildProcess | null = null
  let asked = false
  const launch = (): void => {
    asked = false
    const started = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      stdio: 'inherit',
    })
    child = started
    started.once('exit', (code) => {
      child = null
      if (asked) launch()
      else if (code === 0) resolve(0)
      else process.stdout.write('  It ended with an error. It starts again when a source changes.\n')
    })
  }
  const change = (): void => {
    if (!child) return launch()
    asked = true
    child.kill('SIGTERM')
  }
  let timer: NodeJS.Timeout | undefined
  const watchers = WATCHED.map((folder) =>
    watch(folder, { recursive: true }, (_, file) => {
      if (!file || !isSource(file)) return
      clearTimeout(timer)
      timer = setTimeout(change, SETTLE_MS)
    }),
  )
  // Ctrl-C without a terminal of the child's own reaches it as well: it stops by itself, and so do we.
  const stop = (): void => {
    asked = false
    if (child) child.kill('SIGTERM')
    else resolve(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  launch()
  const code = await ended
  for (const watcher of watchers) watcher.close()
  clearTimeout(timer)
  return code
}

const isSource = (file: string): boolean =>
  file.split(sep).includes('src') && /\.(ts|conf|sql)$/.test(file) && !file.endsWith('.test.ts')

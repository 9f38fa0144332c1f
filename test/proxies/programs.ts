// Real proxies from Debian, unpacked into a folder of the test: nothing is installed, and nothing of the machine starts.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const PROGRAMS = { nginx: 'usr/sbin/nginx', caddy: 'usr/bin/caddy' } as const
export type Proxy = keyof typeof PROGRAMS

const runs = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0

/** The program of a proxy: the machine's own, else fetched and unpacked into the folder; null: it cannot be had. */
export function programOf(proxy: Proxy, folder: string): string | null {
  const installed = `/${PROGRAMS[proxy]}`
  if (existsSync(installed)) return installed
  const into = join(folder, proxy)
  mkdirSync(into, { recursive: true })
  spawnSync('apt-get', ['-qq', 'download', proxy], { cwd: into, stdio: 'ignore' })
  const archive = readdirSync(into).find((name) => name.endsWith('.deb'))
  if (archive === undefined || !runs('dpkg-deb', '-x', join(into, archive), into)) return null
  const program = join(into, PROGRAMS[proxy])
  return runs(program, proxy === 'nginx' ? '-v' : 'version') ? program : null
}

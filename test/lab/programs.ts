// Real programs from Debian, unpacked into a folder of the test: nothing is installed, and nothing of the machine starts.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Program → its package, its file there, and how it is asked for its version. */
const PROGRAMS = {
  nginx: ['nginx', 'usr/sbin/nginx', '-v'],
  caddy: ['caddy', 'usr/bin/caddy', 'version'],
  promtool: ['prometheus', 'usr/bin/promtool', '--version'],
} as const
export type Proxy = 'nginx' | 'caddy'

const runs = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0

/** A program: the machine's own, else fetched and unpacked into the folder; null: it cannot be had. */
export function programOf(name: keyof typeof PROGRAMS, folder: string): string | null {
  const [archived, file, version] = PROGRAMS[name]
  if (existsSync(`/${file}`)) return `/${file}`
  const into = join(folder, name)
  mkdirSync(into, { recursive: true })
  spawnSync('apt-get', ['-qq', 'download', archived], { cwd: into, stdio: 'ignore' })
  const archive = readdirSync(into).find((each) => each.endsWith('.deb'))
  if (archive === undefined || !runs('dpkg-deb', '-x', join(into, archive), into)) return null
  const program = join(into, file)
  return runs(program, version) ? program : null
}

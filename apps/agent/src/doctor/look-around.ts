import { readFile } from 'node:fs/promises'
import type { Places } from '../hardening/places.ts'
import { isService, type Here, type UnitSeen } from './author.ts'

/** Names of services that are asked about at once, and processes of one that are looked at. */
const MOST = 32
const MOST_PROCESSES = 200
const ASKED = 'Id,LoadState,ActiveState,MainPID,ControlGroup'

/** Looks at services and users of this machine; what cannot be found out is left out. */
export async function lookAround(services: readonly string[], run: Places['run']): Promise<Here> {
  const names = services.filter(isService).slice(0, MOST)
  const [seen, users] = await Promise.all([
    Promise.all(names.map(async (name) => [name, await lookAt(name, run)] as const)),
    readFile('/etc/passwd', 'utf8').catch(() => ''),
  ])
  return {
    units: new Map(seen.flatMap(([name, unit]) => (unit === null ? [] : [[name, unit] as const]))),
    users: new Set(users.split('\n').flatMap((line) => (line === '' ? [] : [Number(line.split(':')[2])]))),
  }
}

async function lookAt(name: string, run: Places['run']): Promise<UnitSeen | null> {
  const { code, output } = await run(['systemctl', 'show', `--property=${ASKED}`, '--', name])
  if (code !== 0) return null
  const told = new Map(
    output.split('\n').map((line) => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1)] as const
    }),
  )
  const state = told.get('ActiveState') ?? ''
  const pids = await pidsOf(Number(told.get('MainPID') ?? 0), told.get('ControlGroup') ?? '')
  const processes = await Promise.all(
    pids.map(async (pid) => ({ pid, comm: (await textAt(`/proc/${pid}/comm`)).replace(/\n$/, '') })),
  )
  return {
    id: told.get('Id') ?? name,
    isThere: told.get('LoadState') !== 'not-found',
    isActive: state === 'active' || state === 'reloading',
    processes: processes.filter(({ comm }) => comm !== ''),
  }
}

/** The main process first. */
async function pidsOf(main: number, group: string): Promise<readonly number[]> {
  const isPath = group.startsWith('/') && !group.split('/').includes('..')
  const inGroup = isPath ? await textAt(`/sys/fs/cgroup${group}/cgroup.procs`) : ''
  const others = inGroup.split('\n').map(Number)
  return [...new Set([main, ...others])].filter((pid) => pid > 1).slice(0, MOST_PROCESSES)
}

const textAt = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

import { readdir, readFile, readlink } from 'node:fs/promises'
import { listenersIn, programIn, type Holder, type Listener } from './listeners.ts'

/** Every socket of this machine that listens for TCP. */
export async function listeners(proc = '/proc'): Promise<readonly Listener[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`${proc}/net/${name}`, 'utf8').catch(() => '')),
  )
  return tables.flatMap(listenersIn)
}

/** Who listens on a port, or null when nobody does. The process is known where this process may see it. */
export async function holderOf(port: number, proc = '/proc'): Promise<Holder | null> {
  const found = (await listeners(proc)).filter((listener) => listener.port === port)
  const [first] = found
  if (first === undefined) return null
  const wanted = new Set(found.map(({ inode }) => `socket:[${inode}]`))
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    if (!(await hasOne(`${proc}/${pid}/fd`, wanted))) continue
    const read = (name: string) => readFile(`${proc}/${pid}/${name}`, 'utf8').catch(() => '')
    const program = programIn({ cgroup: await read('cgroup'), cmdline: await read('cmdline') })
    return { pid: Number(pid), program, uid: first.uid }
  }
  return { pid: null, program: null, uid: first.uid }
}

async function hasOne(folder: string, wanted: ReadonlySet<string>): Promise<boolean> {
  const fds = await readdir(folder).catch(() => [])
  for (const fd of fds) if (wanted.has(await readlink(`${folder}/${fd}`).catch(() => ''))) return true
  return false
}

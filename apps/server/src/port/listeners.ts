/** A socket that listens, as the kernel's table tells. */
export interface Listener {
  readonly port: number
  /** Number of the socket, by which the process that has it is found. */
  readonly inode: string
  /** Number of the user it belongs to. */
  readonly uid: number
}

const LISTEN = '0A'

/** The text of /proc/net/tcp or tcp6 → the sockets that listen. Lines of another form are passed over. */
export function listenersIn(table: string): readonly Listener[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , uid = '', , inode = ''] = line.trim().split(/\s+/)
    const port = /^[0-9A-F]+:([0-9A-F]{4})$/.exec(local)?.[1]
    if (port === undefined || state !== LISTEN || !/^\d+$/.test(inode) || !/^\d+$/.test(uid)) return []
    return [{ port: Number.parseInt(port, 16), inode, uid: Number(uid) }]
  })
}

/** The first port from `from` on that nobody listens on, or null when all are taken. */
export function freePort(listeners: readonly Listener[], from: number): number | null {
  const taken = new Set(listeners.map(({ port }) => port))
  for (let port = from; port <= 65_535; port++) if (!taken.has(port)) return port
  return null
}

/** Who has a port: the process where it can be seen, else the user. */
export interface Holder {
  readonly pid: number | null
  /** The program's name, or null where the process cannot be seen. Chosen by the program: text of strangers. */
  readonly program: string | null
  readonly uid: number
}

/**
 * What to call a process: the unit that it runs in, which says more than `python3` and can be stopped by that name, else
 * the file that was started. Null when neither is told.
 */
export function programIn({ cgroup, cmdline }: { cgroup: string; cmdline: string }): string | null {
  const unit = cgroup
    .split('\n')
    .map((line) => /\/([^/]+\.service)$/.exec(line)?.[1])
    .find((name) => name !== undefined && !name.startsWith('user@'))
  const started = cmdline.split('\0')[0]?.split('/').at(-1)
  return unit ?? (started || null)
}

/** A holder in words, for one line: `proxmenux (process 812)`. */
export function holderInWords({ pid, program, uid }: Holder): string {
  if (pid !== null) return `${visible(program ?? 'a program')} (process ${pid})`
  return uid === 0 ? 'a program of root' : `a program of the user with number ${uid}`
}

/** Names of programs may hold anything: what would not print is left out, and what is long is cut. */
const visible = (text: string): string => text.replace(/[^\x20-\x7e]/g, '').slice(0, 60) || 'a program'

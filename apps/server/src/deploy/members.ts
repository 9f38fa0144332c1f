/** A machine of the Proxmox cluster that this server runs in. */
export interface Member {
  readonly name: string
  readonly address: string | null
  readonly isOnline: boolean
  readonly isHere: boolean
}

/** A Proxmox cluster, or a single node, whose name is null then. */
export interface Members {
  readonly name: string | null
  readonly members: readonly Member[]
}

const record = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})$/
const ADDRESS = /^[0-9A-Fa-f:.]{2,45}$/

/** What `/etc/pve/.members` says → the machines, by name; null when it is something else. A single node has no list. */
export function membersIn(text: string): Members | null {
  let whole: ReturnType<typeof record>
  try {
    whole = record(JSON.parse(text))
  } catch {
    return null
  }
  const here = whole?.['nodename']
  if (whole === null || typeof here !== 'string') return null
  const listed = record(whole['nodelist'])
  if (listed === null)
    return { name: null, members: [{ name: here, address: null, isOnline: true, isHere: true }] }
  const cluster = record(whole['cluster'])?.['name']
  const members = Object.entries(listed).flatMap(([name, value]): Member[] => {
    const { ip, online } = record(value) ?? {}
    if (!NAME.test(name)) return []
    const address = typeof ip === 'string' && ADDRESS.test(ip) ? ip : null
    return [{ name, address, isOnline: online === 1 || online === true, isHere: name === here }]
  })
  return {
    name: typeof cluster === 'string' ? cluster : null,
    members: members.toSorted((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true })),
  }
}

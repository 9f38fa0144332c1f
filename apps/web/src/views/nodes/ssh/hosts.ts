/** A host to sign in to. `node`: which one of the fleet it is, where that is known. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly node: string | null
}

export interface ReadHosts {
  readonly targets: readonly Target[]
  /** What is neither a name nor an address. */
  readonly bad: readonly string[]
}

const HOST = /^[A-Za-z0-9_.:][A-Za-z0-9_.:-]*$/
const MOST = 64

/** Hosts as somebody types them: names and addresses with blanks, commas or lines between, each with a port or without. */
export function readHosts(text: string, port: number): ReadHosts {
  const targets = new Map<string, Target>()
  const bad: string[] = []
  for (const word of text.split(/[\s,;]+/).filter(Boolean)) {
    const read = readHost(word, port)
    if (read === null || targets.size >= MOST) bad.push(word.slice(0, 80))
    else targets.set(nameOf(read), read)
  }
  return { targets: [...targets.values()], bad }
}

function readHost(word: string, usual: number): Target | null {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(word)
  // More than one colon is an address of IPv6 without a port.
  const plain = /^([^:]+)(?::(\d{1,5}))?$/.exec(word)
  const [, host = '', port] = bracketed ?? plain ?? [word, word]
  const number = port === undefined ? usual : Number(port)
  if (!HOST.test(host) || host.length > 253 || number < 1 || number > 65_535) return null
  return { host, port: number, node: null }
}

/** A host as it is shown: with its port where that is another one than the usual. */
export function nameOf({ host, port }: { readonly host: string; readonly port: number }): string {
  const shown = host.includes(':') ? `[${host}]` : host
  return port === 22 ? host : `${shown}:${port}`
}

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { randomBytes } from 'node:crypto'

/** Why tests with the real nft cannot run here, or null when they can. */
export function whyNoNft(): string | null {
  if (process.getuid?.() !== 0) return 'needs root'
  if (!existsSync('/usr/sbin/nft')) return 'needs nft'
  return existsSync('/usr/sbin/ip') || existsSync('/sbin/ip') ? null : 'needs iproute2'
}

/** Why tests with the real ipset and a variant of iptables (`-legacy`, `-nft`) cannot run here, or null when they can. */
export function whyNoIpset(variant: string): string | null {
  if (process.getuid?.() !== 0) return 'needs root'
  if (!existsSync('/usr/sbin/ip') && !existsSync('/sbin/ip')) return 'needs iproute2'
  if (!existsSync('/usr/sbin/ipset')) return 'needs ipset (apt install ipset)'
  if (!existsSync(`/usr/sbin/iptables${variant}`)) return `needs iptables${variant} (apt install iptables)`
  using namespace = new NetworkNamespace()
  try {
    namespace.run('ipset', 'create', 'try', 'hash:ip', 'timeout', '0')
    for (const tool of ['iptables', 'ip6tables']) namespace.run(`${tool}${variant}-save`, '-t', 'filter')
    namespace.run(`iptables${variant}`, '-A', 'INPUT', '-m', 'set', '--match-set', 'try', 'src', '-j', 'DROP')
    return null
  } catch (err) {
    return `this kernel does not do it: ${(err instanceof Error ? err.message : String(err)).split('\n')[1] ?? 'unknown'}`
  }
}

/** A network namespace of its own, removed at the end. Only for tests. */
export class NetworkNamespace implements Disposable {
  readonly name = `warder-${process.pid}-${randomBytes(3).toString('hex')}`

  constructor() {
    execFileSync('ip', ['netns', 'add', this.name])
    this.ip('link', 'set', 'lo', 'up')
  }

  /** Runs `ip` inside. */
  ip(...args: readonly string[]): string {
    return execFileSync('ip', ['-n', this.name, ...args], { encoding: 'utf8' })
  }

  /** Runs a program inside. */
  run(file: string, ...args: readonly string[]): string {
    return execFileSync('nsenter', [`--net=/run/netns/${this.name}`, file, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  [Symbol.dispose](): void {
    execFileSync('ip', ['netns', 'del', this.name])
  }
}

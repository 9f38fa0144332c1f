import { access, constants } from 'node:fs/promises'
import type { Clock, Logger } from '@warder/daemon'
import type { AgentConfig } from '../config/schema.ts'
import { DryRunFirewall } from './dry-run.ts'
import { FirewallError, type Firewall } from './firewall.ts'
import { IpsetFirewall, type IpsetTools } from './ipset.ts'
import { MemoryFirewall } from './memory.ts'
import { CHAINS } from './nft-rules.ts'
import { TABLES } from './nft-names.ts'
import { NftablesFirewall } from './nftables.ts'
import { runTool } from './run-tool.ts'

interface Options {
  readonly wanted: AgentConfig['firewall']
  /** Whether guests behind the node's bridges are to be protected too. */
  readonly guests: boolean
  readonly clock: Clock
  readonly log: Logger
  /** Where programs may be; the first folder that has one is taken. */
  readonly folders?: readonly string[]
}

const FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin', '/usr/bin']

type Found<T> =
  | { readonly works: true; readonly use: T; readonly reason: string }
  | { readonly works: false; readonly reason: string }

/**
 * Picks the backend and says why in one sentence: nftables, else ipset, else only noting what would be done.
 * @throws FirewallError when one is demanded and does not work here
 */
export async function chooseFirewall(options: Options): Promise<Firewall> {
  const { wanted, guests, clock, log, folders = FOLDERS } = options
  if (wanted === 'memory') return new MemoryFirewall(clock)
  if (wanted === 'dry-run')
    return new DryRunFirewall(clock, log, 'nothing is blocked, as configured (firewall = "dry-run")')
  const nft = wanted === 'ipset' ? null : await tryNft(folders)
  if (nft?.works) {
    const trouble = guests ? await whyNoGuests(nft.use) : null
    const reason = [nft.reason, ...(guests ? [guestWords(trouble)] : [])].join('; ')
    return new NftablesFirewall({ clock, command: [nft.use], reason, guests: guests && trouble === null })
  }
  if (wanted === 'nftables' && nft !== null) throw new FirewallError(nft.reason, false)
  const ipset = await tryIpset(folders)
  if (ipset.works) {
    const why = nft === null ? 'as configured' : `in place of nftables: ${nft.reason}`
    const reason = [`${ipset.reason}, ${why}`, ...(guests ? [guestWords('that needs nftables')] : [])].join(
      '; ',
    )
    return new IpsetFirewall({ clock, tools: ipset.use, reason })
  }
  if (wanted === 'ipset') throw new FirewallError(ipset.reason, false)
  const reasons = [...(nft === null ? [] : [nft.reason]), ipset.reason].join('; ')
  return new DryRunFirewall(clock, log, `nothing is blocked: ${reasons}`)
}

const guestWords = (trouble: string | null): string =>
  trouble === null
    ? 'guests behind bridges are protected too'
    : `guests behind bridges are NOT protected: ${trouble}`

/** Whether nft is there and could make our table: it is asked to check the statement, not to carry it out. */
async function tryNft(folders: readonly string[]): Promise<Found<string>> {
  const path = await find('nft', folders)
  if (path === null) return { works: false, reason: 'nft is not installed (apt install nftables)' }
  try {
    const [version] = await Promise.all([
      runTool([path, '--version']),
      runTool([path, '--check', '-f', '-'], `add table ${TABLES.inet}\n`),
    ])
    return {
      works: true,
      use: path,
      reason: `nftables ${versionIn(version)} is installed and may be changed`,
    }
  } catch (err) {
    return { works: false, reason: wordsOf(err) }
  }
}

/** Why guests cannot be protected, or null: not every kernel filters on bridges. */
async function whyNoGuests(nft: string): Promise<string | null> {
  try {
    const chain = `add chain ${TABLES.bridge} pre { ${CHAINS.bridge['pre']} }`
    await runTool([nft, '--check', '-f', '-'], `add table ${TABLES.bridge}\n${chain}\n`)
    return null
  } catch (err) {
    return wordsOf(err)
  }
}

/** Whether ipset and iptables are there and answer; nothing is changed. */
async function tryIpset(folders: readonly string[]): Promise<Found<IpsetTools>> {
  const [ipset, iptables, ip6tables] = await Promise.all(
    ['ipset', 'iptables', 'ip6tables'].map((name) => find(name, folders)),
  )
  if (!ipset || !iptables)
    return { works: false, reason: 'ipset and iptables are not installed (apt install ipset iptables)' }
  try {
    const version = versionIn(await runTool([ipset, 'version']))
    await runTool([ipset, 'list', '-n'])
    await runTool([`${iptables}-save`, '-t', 'filter'])
    const four = await runTool([iptables, '--version'])
    const six = ip6tables ? await runTool([`${ip6tables}-save`, '-t', 'filter']).catch(() => null) : null
    const kind = /\((legacy|nf_tables)\)/.exec(four)?.[1] ?? 'of unknown kind'
    const tools = { before: [], ipset, iptables, ip6tables: six === null ? null : (ip6tables ?? null) }
    const without = six === null ? ', IPv4 only since ip6tables does not work' : ''
    return {
      works: true,
      use: tools,
      reason: `ipset ${version} with iptables ${versionIn(four)} (${kind})${without}`,
    }
  } catch (err) {
    return { works: false, reason: wordsOf(err) }
  }
}

async function find(name: string, folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const path = `${folder}/${name}`
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return null
}

const versionIn = (text: string): string => /\d+(\.\d+)+/.exec(text)?.[0] ?? 'of unknown version'

const wordsOf = (err: unknown): string => (err instanceof Error ? err.message : String(err))

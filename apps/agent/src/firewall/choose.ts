import { access, constants } from 'node:fs/promises'
import type { Clock, Logger } from '@warder/daemon'
import type { AgentConfig } from '../config/schema.ts'
import { DryRunFirewall } from './dry-run.ts'
import { FirewallError, type Firewall } from './firewall.ts'
import { MemoryFirewall } from './memory.ts'
import { runNft } from './nft-command.ts'
import { TABLE } from './nft-names.ts'
import { NftablesFirewall } from './nftables.ts'

interface Options {
  readonly wanted: AgentConfig['firewall']
  readonly clock: Clock
  readonly log: Logger
  /** Where nft may be; the first that is there is taken. */
  readonly places?: readonly string[]
}

const PLACES = ['/usr/sbin/nft', '/sbin/nft', '/usr/local/sbin/nft', '/usr/bin/nft']

/**
 * Picks the backend and says why in one sentence.
 * @throws FirewallError when nftables is demanded and does not work here
 */
export async function chooseFirewall({ wanted, clock, log, places = PLACES }: Options): Promise<Firewall> {
  if (wanted === 'memory') return new MemoryFirewall(clock)
  if (wanted === 'dry-run')
    return new DryRunFirewall(clock, log, 'nothing is blocked, as configured (firewall = "dry-run")')
  const found = await tryNft(places)
  if (found.works) return new NftablesFirewall({ clock, command: [found.path], reason: found.reason })
  if (wanted === 'nftables') throw new FirewallError(found.reason, false)
  return new DryRunFirewall(clock, log, `nothing is blocked: ${found.reason}`)
}

type Found =
  | { readonly works: true; readonly path: string; readonly reason: string }
  | { readonly works: false; readonly reason: string }

/** Whether nft is there and could make our table: it is asked to check the statement, not to carry it out. */
async function tryNft(places: readonly string[]): Promise<Found> {
  const there = await Promise.all(
    places.map((path) =>
      access(path, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  const path = places.find((_, i) => there[i])
  if (path === undefined) return { works: false, reason: 'nft is not installed (apt install nftables)' }
  try {
    const version = /\d+(\.\d+)+/.exec(await runNft([path], ['--version'], ''))?.[0] ?? 'of unknown version'
    await runNft([path], ['--check', '-f', '-'], `add table ${TABLE}\n`)
    return { works: true, path, reason: `nftables ${version} is installed and may be changed` }
  } catch (err) {
    return { works: false, reason: err instanceof Error ? err.message : String(err) }
  }
}

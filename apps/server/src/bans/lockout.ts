import { contains, isLoopback, parseAddress, TargetSet } from '@warder/core'
import { AppError } from '@warder/protocol'

/** Who asks for something, and from where. */
export interface Requester {
  readonly by: string
  readonly address: string
  /** The address as whoever asks typed it: do it all the same. */
  readonly confirm?: string | undefined
}

const holdsMachine = (target: string): boolean =>
  isLoopback(target) || contains(target, '127.0.0.1') || contains(target, '::1')

/** Whether whoever asks typed their own address, in any spelling. */
export const isConfirmed = ({ address, confirm }: Requester): boolean =>
  confirm !== undefined && parseAddress(confirm.trim()) === address

/** Targets of a list that nobody answers for → those that shut out neither the machine itself nor one of some addresses. */
export function sparing(targets: readonly string[], addresses: readonly string[]): readonly string[] {
  const set = new TargetSet(targets)
  const spared = new Set<string>(targets.filter(holdsMachine))
  for (const address of addresses)
    for (let hit = set.match(address); hit !== null; hit = set.match(address)) {
      spared.add(hit)
      set.delete(hit)
    }
  return targets.filter((target) => !spared.has(target))
}

/**
 * Bans that would shut out the machine itself are mistakes; those that would shut out whoever asks are, unless they
 * typed their address. `targets`: canonical. Answers whether whoever asks is among them.
 * @throws AppError ban.refused, ban.self
 */
export function refuseLockout(targets: readonly string[], who: Requester): boolean {
  const machine = targets.find(holdsMachine)
  if (machine !== undefined) throw new AppError('ban.refused', `${machine} is the machine itself.`)
  const own = new TargetSet(targets).match(who.address)
  if (own !== null && !isConfirmed(who)) {
    const what = own === who.address ? `${own} is` : `${own} holds ${who.address},`
    throw new AppError('ban.self', `${what} the address you come from.`)
  }
  return own !== null
}

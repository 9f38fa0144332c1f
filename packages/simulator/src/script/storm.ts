import type { EpochMs } from '@warder/core'
import type { Attempt } from '../attempt.ts'
import { bruteForce } from '../attacker.ts'
import type { Random } from '../random.ts'
import { v6Address, type World } from '../world.ts'
import type { ScriptMaker } from './script.ts'

/** How many addresses come in a storm, and within which time they begin. */
const ADDRESSES = 280
const ONSET_MS = 30_000

/** A botnet arrives: 280 addresses at once, every third by IPv6, each at one node. Over within two minutes. */
export const storm: ScriptMaker = (world, at, turn = 0) => ({
  name: 'storm',
  turn,
  actors: [
    {
      id: 'storm-crowd',
      attempts: (slot, random) => stormAttempts(world, { from: slot.from, addresses: ADDRESSES }, random),
    },
  ],
  begins: at,
  ends: at + 1,
  slotMs: ONSET_MS,
  outages: [],
})

/** What a crowd of strangers does that arrives within half a minute. */
export function stormAttempts(
  world: World,
  crowd: { readonly from: EpochMs; readonly addresses: number },
  random: Random,
): readonly Attempt[] {
  const start = random.between(0, world.strangers.length - 1)
  return Array.from({ length: crowd.addresses }, (_, i) =>
    bruteForce(
      {
        from: crowd.from + random.between(0, ONSET_MS - 1),
        node: random.pick(world.nodes).name,
        ip: i % 3 === 0 ? v6Address(random) : (world.strangers[(start + i) % world.strangers.length] ?? ''),
        service: random.weighted([['sshd', 3] as const, ['proxmox', 1] as const]),
        guesses: random.between(8, 12),
      },
      random,
    ),
  ).flat()
}

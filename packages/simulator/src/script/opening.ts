import type { Actor } from '../actor.ts'
import { bruteForce } from '../attacker.ts'
import { makeRandom } from '../random.ts'
import type { World } from '../world.ts'
import type { ScriptMaker } from './script.ts'

/** When the guessing begins, one attacker after the other. */
const BEGINS_MS = [1_000, 15_000, 40_000] as const

/** Three attackers in the first minute, so that whoever starts watching a quiet day has something to see. */
export const opening: ScriptMaker = (world, at, turn = 0) => ({
  name: 'opening',
  turn,
  actors: BEGINS_MS.map((begin, i) => knocking(world, begin, i)),
  begins: at,
  ends: at + 1,
  slotMs: 60_000,
  outages: [],
})

function knocking(world: World, begin: number, i: number): Actor {
  const node = makeRandom(world.seed, 'opening', i).pick(world.nodes).name
  return {
    id: `opening-${i}`,
    attempts: (slot, random) =>
      bruteForce(
        {
          from: slot.from + begin,
          node,
          ip: random.pick(world.strangers),
          service: i === 1 ? 'proxmox' : 'sshd',
          guesses: 10,
        },
        random,
      ),
  }
}

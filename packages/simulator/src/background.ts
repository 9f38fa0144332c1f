import { begins, type Actor } from './actor.ts'
import { attackerActor } from './attacker.ts'
import { personActor } from './person.ts'
import { noiseLine } from './service/noise.ts'
import type { World } from './world.ts'

/** Everyday lines of a node in a day. */
const NOISE_A_DAY = 6_000

/** All attackers and people of a world, without the everyday lines. */
export const inhabitants = (world: World): readonly Actor[] => [
  ...world.attackers.map((who) => attackerActor(world, who)),
  ...world.people.map((person) => personActor(world, person)),
]

/** The everyday lines of all nodes. */
export const noise = (world: World): readonly Actor[] =>
  world.nodes.map(({ name }) => ({
    id: `noise-${name}`,
    lines: (slot, random) => begins(slot, NOISE_A_DAY, random).map((at) => noiseLine(name, at, random)),
  }))

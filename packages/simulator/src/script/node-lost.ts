import { makeRandom } from '../random.ts'
import type { ScriptMaker } from './script.ts'

/** For how long the agent is away. */
const AWAY_MS = 45_000

/** The agent of one node stops and comes back after 45 s; what was written meanwhile waits in its journal. */
export const nodeLost: ScriptMaker = (world, at, turn = 0) => ({
  name: 'node-lost',
  turn,
  actors: [],
  begins: at,
  ends: at,
  slotMs: AWAY_MS,
  outages: [
    { node: makeRandom(world.seed, 'node-lost', turn).pick(world.nodes).name, from: at, until: at + AWAY_MS },
  ],
})

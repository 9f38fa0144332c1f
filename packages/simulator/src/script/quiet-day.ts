import { inhabitants, noise } from '../background.ts'
import type { ScriptMaker } from './script.ts'

/** An ordinary day: people work, attackers knock, one ban every few minutes. It has no beginning and no end. */
export const quietDay: ScriptMaker = (world) => ({
  name: 'quiet-day',
  turn: 0,
  actors: [...inhabitants(world), ...noise(world)],
  begins: null,
  ends: null,
  slotMs: 600_000,
  outages: [],
})

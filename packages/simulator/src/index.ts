export { makeRandom, type Random } from './random.ts'
export {
  makeWorld,
  NODES_LIMIT,
  type Attacker,
  type AttackerKind,
  type Person,
  type World,
  type WorldNode,
} from './world.ts'
export type { Attempt, Outcome, ServiceName, WorldLine } from './attempt.ts'
export type { Actor, Slot } from './actor.ts'
export { linesOf } from './service/lines.ts'
export { WARDER_LOG } from './service/warder.ts'
export { timeline } from './timeline.ts'
export { toLogLine } from './journal.ts'
export { SCRIPTS } from './script/index.ts'
export { opening } from './script/opening.ts'
export { past } from './script/past.ts'
export type { Outage, Script, ScriptMaker, ScriptName } from './script/script.ts'

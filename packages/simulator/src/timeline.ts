import type { EpochMs } from '@warder/core'
import { RUN_LIMIT_MS, type Actor, type Slot } from './actor.ts'
import type { Attempt, WorldLine } from './attempt.ts'
import { makeRandom } from './random.ts'
import type { Script } from './script/script.ts'
import { linesOf } from './service/lines.ts'
import type { World } from './world.ts'

/**
 * The lines of all nodes in order of time, from `from` on, until the script ends (never, when it has no end).
 * The same world and script give the same lines, from wherever one starts: a later start gives the rest.
 */
export function* timeline(world: World, script: Script, from: EpochMs): Generator<WorldLine, void, void> {
  const nodes = new Map(world.nodes.map((node) => [node.name, node]))
  const toLines = (attempt: Attempt): readonly WorldLine[] => {
    const node = nodes.get(attempt.node)
    return node ? linesOf(attempt, node) : []
  }
  let waiting: readonly WorldLine[] = []
  for (const slot of slots(script, from)) {
    const fresh = script.actors.flatMap((actor) => linesIn(slot, { world, script, actor, toLines }))
    const all = [...waiting, ...fresh].toSorted((a, b) => a.at - b.at)
    const later = all.findIndex((line) => line.at >= slot.until)
    const due = later < 0 ? all : all.slice(0, later)
    waiting = later < 0 ? [] : all.slice(later)
    for (const line of due) if (line.at >= from) yield line
  }
  for (const line of waiting) if (line.at >= from) yield line
}

/** Slots lie on a grid of their own, beginning early enough for runs that are under way at `from`. */
function* slots({ slotMs, begins, ends }: Script, from: EpochMs): Generator<Slot, void, void> {
  const origin = begins ?? 0
  const early = Math.floor((from - RUN_LIMIT_MS - origin) / slotMs)
  for (let k = begins === null ? early : Math.max(0, early); ; k++) {
    const slot = { from: origin + k * slotMs, until: origin + (k + 1) * slotMs }
    if (ends !== null && slot.from >= ends) return
    yield slot
  }
}

interface Acting {
  readonly world: World
  readonly script: Script
  readonly actor: Actor
  readonly toLines: (attempt: Attempt) => readonly WorldLine[]
}

function linesIn(slot: Slot, { world, script, actor, toLines }: Acting): readonly WorldLine[] {
  const random = makeRandom(world.seed, script.name, script.turn, actor.id, slot.from - (script.begins ?? 0))
  const caused = actor.attempts?.(slot, random).flatMap(toLines) ?? []
  const other = actor.lines?.(slot, random) ?? []
  return other.length === 0 ? caused : [...caused, ...other]
}

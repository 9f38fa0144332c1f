import type { EpochMs } from '@warder/core'
import { attempt, type Actor } from '../actor.ts'
import type { Attempt } from '../attempt.ts'
import type { Random } from '../random.ts'
import type { Person, World } from '../world.ts'
import type { ScriptMaker } from './script.ts'

/** Time between two tries of somebody who is sure of the password. */
const PATIENCE_MS = 4_000
const TRIES = 8

/** Somebody who may log in insists on an old password: bans that an operator should lift. */
export const falseAlarm: ScriptMaker = (world, at, turn = 0) => ({
  name: 'false-alarm',
  turn,
  actors: [forgetful(world, turn)],
  begins: at,
  ends: at + 1,
  slotMs: 60_000,
  outages: [],
})

/** People who mistype, the clumsiest first. */
const clumsy = (world: World): readonly Person[] =>
  world.people.filter((person) => person.clumsiness > 0).toSorted((a, b) => b.clumsiness - a.clumsiness)

/** One whom the past has not banned, another one each time. */
const forgetful = (world: World, turn: number): Actor => ({
  id: 'forgetful',
  attempts(slot, random) {
    const people = clumsy(world)
    return forgottenPassword(world, { who: people[(turn + 1) % people.length], from: slot.from }, random)
  },
})

/**
 * Somebody (the clumsiest where nobody is named) tries an old password at the first node's Proxmox, then at the
 * second node's sshd.
 */
export function forgottenPassword(
  world: World,
  alarm: { readonly from: EpochMs; readonly who?: Person | undefined },
  random: Random,
): readonly Attempt[] {
  const person = alarm.who ?? clumsy(world)[0]
  if (!person) return []
  return Array.from({ length: TRIES * 2 }, (_, i) => {
    const node = world.nodes[Math.floor(i / TRIES) % world.nodes.length]?.name ?? ''
    const service = i < TRIES ? ('proxmox' as const) : ('sshd' as const)
    const user = service === 'sshd' ? person.name : person.account
    const at = alarm.from + i * PATIENCE_MS + random.between(0, 900)
    return attempt({ at, node, service, ip: person.address, user, outcome: 'wrong-password' }, random)
  })
}

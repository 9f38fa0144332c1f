import type { EpochMs } from '@warder/core'
import { attempt, type Actor } from '../actor.ts'
import type { Attempt } from '../attempt.ts'
import type { Random } from '../random.ts'
import type { World } from '../world.ts'
import type { ScriptMaker } from './script.ts'

/** Time between two tries of somebody who is sure of the password. */
const PATIENCE_MS = 4_000
const TRIES = 8

/** Somebody who may log in insists on an old password: bans that an operator should lift. */
export const falseAlarm: ScriptMaker = (world, at) => ({
  name: 'false-alarm',
  actors: [forgetful(world)],
  begins: at,
  ends: at + 1,
  slotMs: 60_000,
  outages: [],
})

const forgetful = (world: World): Actor => ({
  id: 'forgetful',
  attempts: (slot, random) => forgottenPassword(world, slot.from, random),
})

/** The clumsiest person tries an old password at the first node's Proxmox, then at the second node's sshd. */
export function forgottenPassword(world: World, from: EpochMs, random: Random): readonly Attempt[] {
  const person = world.people.toSorted((a, b) => b.clumsiness - a.clumsiness)[0]
  if (!person) return []
  return Array.from({ length: TRIES * 2 }, (_, i) => {
    const node = world.nodes[Math.floor(i / TRIES) % world.nodes.length]?.name ?? ''
    const service = i < TRIES ? ('proxmox' as const) : ('sshd' as const)
    const user = service === 'sshd' ? person.name : person.account
    const at = from + i * PATIENCE_MS + random.between(0, 900)
    return attempt({ at, node, service, ip: person.address, user, outcome: 'wrong-password' }, random)
  })
}

import { attempt, begins, hourOf, isWeekday, type Actor, type Slot } from './actor.ts'
import type { Attempt } from './attempt.ts'
import type { Random } from './random.ts'
import type { Person, World } from './world.ts'

/** Logins of a person on a working day. */
const LOGINS_A_DAY = 9

/** Somebody at work: logs in by day, sometimes mistypes once or twice, then gets in. */
export const personActor = (world: World, person: Person): Actor => ({
  id: `person-${person.name}`,
  attempts: (slot, random) =>
    begins(slot, LOGINS_A_DAY * presence(slot), random).flatMap((at) => login(world, person, at, random)),
})

/** Concentrates a day's logins on 8 to 18 o'clock UTC; at weekends only a few remain. */
function presence(slot: Slot): number {
  const hour = hourOf(slot.from)
  const byDay = hour >= 8 && hour < 18 ? 2.2 : 0.08
  return isWeekday(slot.from) ? byDay : byDay * 0.15
}

function login(world: World, person: Person, from: number, random: Random): readonly Attempt[] {
  const node = random.pick(world.nodes)
  const service = random.pick(node.services)
  const user = service === 'sshd' ? person.name : service === 'proxmox' ? person.account : 'operator'
  const wrong = random.chance(person.clumsiness) ? random.between(1, 2) : 0
  return Array.from({ length: wrong + 1 }, (_, i) =>
    attempt(
      {
        at: from + i * random.between(6_000, 15_000),
        node: node.name,
        service,
        ip: person.address,
        user,
        outcome: i < wrong ? 'wrong-password' : 'accepted',
      },
      random,
    ),
  )
}

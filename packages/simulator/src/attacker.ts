import { attempt, begins, hourOf, type Actor, type Slot } from './actor.ts'
import type { Attempt, Outcome } from './attempt.ts'
import { makeRandom, type Random } from './random.ts'
import type { Attacker, AttackerKind, World } from './world.ts'

/** Names that are tried, with how often, and whether they exist on a node. */
const NAMES: readonly (readonly [name: string, weight: number, exists: boolean])[] = [
  ['root', 40, true],
  ['admin', 14, false],
  ['ubuntu', 7, false],
  ['test', 6, false],
  ['user', 5, false],
  ['oracle', 4, false],
  ['postgres', 4, true],
  ['git', 3, false],
  ['backup', 3, true],
  ['pi', 2, false],
  ['deploy', 2, false],
  ['support', 2, false],
  ['ftpuser', 2, false],
  ['minecraft', 1, false],
  ['anna', 1, true],
]

const weightedNames = NAMES.map((name) => [name, name[1]] as const)

/** What somebody who guesses types, and how the service takes it. */
export function guess(service: Attacker['service'], random: Random): { user: string; outcome: Outcome } {
  const [name, , exists] = random.weighted(weightedNames)
  const outcome = exists ? 'wrong-password' : 'unknown-user'
  if (service !== 'proxmox') return { user: name, outcome }
  return { user: `${name}@${random.weighted([['pam', 4] as const, ['pve', 1] as const])}`, outcome }
}

/** A run of guesses at one node from one address, one to four seconds apart. */
export function bruteForce(
  run: { from: number; node: string; ip: string; service: Attacker['service']; guesses: number },
  random: Random,
): readonly Attempt[] {
  let at = run.from
  return Array.from({ length: run.guesses }, () => {
    at += 1_000 + random.exponential(1_600)
    return attempt({ ...run, at, ...guess(run.service, random) }, random)
  })
}

/** How many nodes a sprayer knows at most. */
const SPRAYED_NODES = 6

type Habit = (world: World, who: Attacker, slot: Slot, random: Random) => readonly Attempt[]

/** A node with the service that the attacker is after. */
const nodeFor = (world: World, who: Attacker, random: Random): string =>
  random.pick(world.nodes.filter((node) => node.services.includes(who.service))).name

/** More at night than by day in Europe: much of it comes from other time zones. */
const rhythm = (slot: Slot): number => 1 + 0.45 * Math.cos(((hourOf(slot.from) - 2) / 24) * 2 * Math.PI)

const HABITS: Readonly<Record<AttackerKind, Habit>> = {
  'brute-force': (world, who, slot, random) =>
    begins(slot, who.perDay * rhythm(slot), random).flatMap((from) =>
      bruteForce(
        {
          from,
          node: nodeFor(world, who, random),
          ip: random.pick(who.addresses),
          service: who.service,
          guesses: random.between(6, 14),
        },
        random,
      ),
    ),

  // One guess now and then, under every usual threshold; always at the same node.
  slow: (world, who, slot, random) =>
    begins(slot, who.perDay, random).map((at) => {
      const node = nodeFor(world, who, makeRandom(world.seed, who.id, 'node'))
      return attempt(
        { at, node, service: who.service, ip: random.pick(who.addresses), ...guess(who.service, random) },
        random,
      )
    }),

  // Some nodes get two guesses each, then the round begins again: no single node sees many.
  spraying: (world, who, slot, random) =>
    begins(slot, who.perDay * rhythm(slot), random).flatMap((from) => {
      const rounds = random.between(1, 4)
      const first = random.between(0, world.nodes.length - 1)
      const nodes = Array.from(
        { length: Math.min(SPRAYED_NODES, world.nodes.length) },
        (_, i) => world.nodes[(first + i) % world.nodes.length]?.name ?? '',
      )
      return Array.from({ length: rounds * nodes.length * 2 }, (_, i) => {
        const node = nodes[Math.floor(i / 2) % nodes.length] ?? ''
        const at = from + Math.floor(i / 2) * 4_000 + (i % 2) * 1_500 + random.between(0, 500)
        return attempt(
          { at, node, service: who.service, ip: random.pick(who.addresses), ...guess(who.service, random) },
          random,
        )
      })
    }),

  // Comes back by the clock, with up to a quarter of an hour of delay.
  returning: (world, who, slot, random) => {
    const period = 86_400_000 / who.perDay
    const phase = makeRandom(world.seed, who.id, 'phase').next() * period
    const first = Math.ceil((slot.from - phase) / period) * period + phase
    if (first >= slot.until) return []
    return bruteForce(
      {
        from: Math.floor(first) + random.between(0, 900_000),
        node: nodeFor(world, who, random),
        ip: random.pick(who.addresses),
        service: who.service,
        guesses: random.between(5, 9),
      },
      random,
    )
  },

  // Many addresses share the work at one node: some are caught, the others stay below the threshold.
  crowd: (world, who, slot, random) =>
    begins(slot, who.perDay, random).flatMap((from) => {
      const node = nodeFor(world, who, random)
      return who.addresses.flatMap((ip) =>
        bruteForce(
          {
            from: from + random.between(0, 600_000),
            node,
            ip,
            service: who.service,
            guesses: random.between(1, 6),
          },
          random,
        ),
      )
    }),
}

/** An attacker as one who acts. */
export const attackerActor = (world: World, who: Attacker): Actor => ({
  id: who.id,
  attempts: (slot, random) => HABITS[who.kind](world, who, slot, random),
})

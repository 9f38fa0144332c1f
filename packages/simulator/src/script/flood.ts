import { attempt, type Actor } from '../actor.ts'
import { guess } from '../attacker.ts'
import { v6Address, type World } from '../world.ts'
import { noiseLine } from '../service/noise.ts'
import type { ScriptMaker } from './script.ts'

const LASTS_MS = 60_000
/** Attempts and everyday lines a second, all at one node. */
const ATTEMPTS_A_SECOND = 120
const NOISE_A_SECOND = 900
/** How many addresses knock; the firewall silences them one by one, the scanners behind them stay. */
const ADDRESSES = 60

/** One node's journal is flooded for a minute: over a thousand lines a second, some of them failures. */
export const flood: ScriptMaker = (world, at, turn = 0) => ({
  name: 'flood',
  turn,
  actors: [knocking(world), scanning(world), chatter(world)],
  begins: at,
  ends: at + LASTS_MS,
  slotMs: 1_000,
  outages: [],
})

const target = (world: World): string => world.nodes[world.nodes.length >> 1]?.name ?? ''

const knocking = (world: World): Actor => ({
  id: 'flood-knocking',
  attempts: (slot, random) =>
    Array.from({ length: ATTEMPTS_A_SECOND }, () =>
      attempt(
        {
          at: slot.from + random.between(0, 999),
          node: target(world),
          service: 'sshd',
          ip: world.strangers[random.between(0, ADDRESSES - 1) % world.strangers.length] ?? '',
          ...guess('sshd', random),
        },
        random,
      ),
    ),
})

/** Connections that end before a name is said: many lines, no failure. */
const scanning = (world: World): Actor => ({
  id: 'flood-scanning',
  attempts: (slot, random) =>
    Array.from({ length: ATTEMPTS_A_SECOND }, () =>
      attempt(
        {
          at: slot.from + random.between(0, 999),
          node: target(world),
          service: 'sshd',
          ip: v6Address(random),
          user: '',
          outcome: 'left',
        },
        random,
      ),
    ),
})

const chatter = (world: World): Actor => ({
  id: 'flood-chatter',
  lines: (slot, random) =>
    Array.from({ length: NOISE_A_SECOND }, () =>
      noiseLine(target(world), slot.from + random.between(0, 999), random),
    ),
})

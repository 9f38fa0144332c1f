import type { EpochMs } from '@warder/core'
import { begins, hourOf, isWeekday, type Actor } from '../actor.ts'
import { inhabitants } from '../background.ts'
import type { World } from '../world.ts'
import { forgottenPassword } from './false-alarm.ts'
import type { Script } from './script.ts'
import { stormAttempts } from './storm.ts'

const STORMS_A_DAY = 1 / 6
const FALSE_ALARMS_A_DAY = 0.5

/** What went before `until`: ordinary days without the everyday lines, a storm now and then, a forgotten password. */
export const past = (world: World, from: EpochMs, until: EpochMs): Script => ({
  name: 'past',
  turn: 0,
  actors: [...inhabitants(world), storms(world), falseAlarms(world)],
  begins: from,
  ends: until,
  slotMs: 3_600_000,
  outages: [],
})

const storms = (world: World): Actor => ({
  id: 'past-storms',
  attempts: (slot, random) =>
    begins(slot, STORMS_A_DAY, random).flatMap((from) =>
      stormAttempts(world, { from, addresses: random.between(50, 160) }, random),
    ),
})

const falseAlarms = (world: World): Actor => ({
  id: 'past-false-alarms',
  attempts(slot, random) {
    const atWork = isWeekday(slot.from) && hourOf(slot.from) >= 8 && hourOf(slot.from) < 17
    if (!atWork) return []
    return begins(slot, FALSE_ALARMS_A_DAY * 2.6, random).flatMap((at) =>
      forgottenPassword(world, { from: at }, random),
    )
  },
})

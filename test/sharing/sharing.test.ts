import { describe, expect, it } from 'vitest'
import { storyOf, type Happening, type Story } from './play.ts'
import { outcomeOf, shrunk } from './shrink.ts'

/** Stories that are made up; more by hand. */
const STORIES = Number(process.env['WARDER_STORIES'] ?? 4)
const IP = '198.51.100.1'

const story = (ahead: readonly number[], ...happenings: readonly Happening[]): Story => ({
  ahead,
  settings: { enabled: true, maxretry: 3, findtime: 600, bantime: 600, policy: 'cluster' },
  happenings,
})
const fail = (node: number, times = 3): Happening => ({ kind: 'fail', node, ip: IP, times })
const unban: Happening = { kind: 'unban', ip: IP }

describe('a cluster of real agents and a real server, on a network and clocks of the test’s own', () => {
  it.each<[string, Story]>([
    [
      'an unban of many ends what a node reports late',
      story([0, 0, 0], { kind: 'cut', node: 0 }, fail(0), { ...unban, many: true }),
    ],
    ['a ban after an unban of many is shared', story([0, 0, 0], fail(0), { ...unban, many: true }, fail(1))],
    ['a lift means what was banned before it, by a clock that is ahead', story([7, 0], fail(0), unban)],
    ['a lift leaves what was banned after it, by a clock that is behind', story([-7, 0], unban, fail(0))],
    ['a ban lasts as long elsewhere, by clocks that are apart', story([7, -7, 0], fail(0))],
    ['a ban of a node that is far behind is shared', story([-15, 0], fail(0), { kind: 'pass', seconds: 30 })],
    ['an operator’s ban is carried out by a clock that is ahead', story([7, 0], { kind: 'ban', ip: IP })],
    [
      'an operator’s ban that was lifted does not come to a node that was away',
      story([0, 0], { kind: 'cut', node: 1 }, { kind: 'ban', ip: IP }, unban),
    ],
    [
      'a ban that goes on after a lift stays in history',
      story([0, 0, 0], { kind: 'ban', ip: IP }, { kind: 'hold', node: 2 }, { kind: 'ban', ip: IP }, unban),
    ],
  ])('%s', async (_, given) => expect(await outcomeOf(given)).toEqual([]))

  it.each(Array.from({ length: STORIES }, (_, index) => index + 1))(
    'does what is wanted at the end of story %i',
    async (seed) => {
      const made = storyOf(seed)
      const [wrong] = await outcomeOf(made)
      if (wrong !== undefined) expect.fail(`${wrong}\n${JSON.stringify(await shrunk(made, wrong), null, 1)}`)
    },
  )
})

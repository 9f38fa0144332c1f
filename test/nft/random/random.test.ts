import * as fc from 'fast-check'
import { describe, it } from 'vitest'
import type { FirewallPlan } from '../../../apps/agent/src/firewall/firewall.ts'
import { BACKENDS } from '../rig.ts'
import { editsOf } from './foreign.ts'
import { story } from './moves.ts'
import { Player } from './player.ts'

const SEED = Number(process.env['WARDER_SEED'] ?? 4)
const STORIES = Number(process.env['WARDER_STORIES'] ?? 3)
const LIMIT_MS = 30_000 * (STORIES + 1)

const PLAN: FirewallPlan = {
  jails: [
    { name: 'sshd', ports: { protocol: 'tcp', ports: [22] } },
    { name: 'all.x', ports: { protocol: 'both', ports: 'all' }, blocktype: 'reject' },
  ],
  never: ['127.0.0.0/8', '::1', '2001:db8:0:2::/64'],
}
const BANNED = ['198.18.0.1', '198.18.0.0/24', '2001:db8:0:1::/64', '198.18.0.200']

describe.each(BACKENDS)('$name', (backend) => {
  it.skipIf(backend.trouble)(
    `holds what is wanted, whatever others do to it${backend.trouble ?? ''}`,
    async () => {
      await using player = new Player(backend)
      await player.play({ kind: 'plan', plan: PLAN })
      const wishes = BANNED.map((ip) => ({ jail: 1, ip, end: 3_600 }))
      await player.play({ kind: 'apply', wishes: [...wishes, { jail: 0, ip: '203.0.113.7', end: null }] })
      for (let edit = 0; edit < editsOf(backend.name).length; edit++)
        await player.play({ kind: 'foreign', edit, jail: 1, ip: BANNED[edit % BANNED.length] ?? '' })
      await player.play({ kind: 'probe' })
    },
    180_000,
  )

  it.skipIf(backend.trouble)(
    `holds what is wanted, whatever happens (${STORIES} stories of seed ${SEED})${backend.trouble ?? ''}`,
    async () => {
      const plays = fc.asyncProperty(story, async ([plan, moves]) => {
        await using player = new Player(backend)
        await player.play({ kind: 'plan', plan })
        for (const move of moves) await player.play(move)
        await player.play({ kind: 'probe' })
      })
      await fc.assert(plays, { seed: SEED, numRuns: STORIES, interruptAfterTimeLimit: LIMIT_MS })
    },
    LIMIT_MS + 60_000,
  )
})

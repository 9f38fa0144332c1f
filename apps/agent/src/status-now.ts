import type { EpochMs } from '@warder/core'
import type { NodeStatus } from '@warder/protocol'
import { statusOf } from './health/report.ts'
import type { Running } from './running.ts'

/** What the agent says of itself at a moment. */
export function statusNow(
  { loop, roster, applier, state, suspender }: Running,
  around: { at: EpochMs; startedAt: EpochMs; diskFreeBytes: number | null },
): NodeStatus {
  const { jails, wanted, never, localNetworks, held } = applier.current
  const view = loop.view()
  const { revision, stamp } = held.lists.wanted
  return statusOf({
    ...around,
    firewall: loop.report(),
    keeping: loop.keeping(),
    revision: wanted.revision,
    jails,
    never,
    localNetworks,
    sources: roster.reports(),
    view,
    activeBans: loop.bans().length - view.lists.denied,
    lists: {
      revision,
      stamp,
      allow: held.lists.allow.length,
      deny: held.lists.deny.length,
      refused: view.lists.refused,
    },
    outboxDepth: state.outbox.depth(),
    lagMs: loop.lagMs,
    rssBytes: process.memoryUsage.rss(),
    queued: loop.queued,
    suspended: suspender.current,
  })
}

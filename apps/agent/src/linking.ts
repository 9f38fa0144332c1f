import type { EpochMs } from '@warder/core'
import type { Clock, LogRing } from '@warder/daemon'
import type { NodeStatus } from '@warder/protocol'
import { readTrust } from './config/load.ts'
import type { AgentConfig } from './config/schema.ts'
import type { Doctor } from './doctor/doctor.ts'
import type { Way } from './doctor/way.ts'
import type { Loop } from './engine/loop.ts'
import type { HardenParts } from './hardening/answer.ts'
import type { LinkState } from './link/link-state.ts'
import { Link } from './link/link.ts'
import type { Logs } from './log.ts'
import { makeAnswerer } from './questions/answer.ts'
import type { Applier } from './settings/apply.ts'
import type { Settings } from './settings/settings.ts'
import { hostName } from './settings/surroundings.ts'
import { Shares } from './sharing/shares.ts'
import type { SourceMaker } from './source/source.ts'
import type { State } from './state/state.ts'
import type { Suspender } from './suspension/suspender.ts'

/** What the link joins to the rest of the agent. */
export interface LinkMates {
  readonly clock: Clock
  /** Minutes east of UTC of this node at a moment. */
  readonly zone: (at: EpochMs) => number
  readonly state: State
  readonly settings: Settings
  readonly loop: Loop
  readonly applier: Applier
  readonly sources: SourceMaker
  readonly suspender: Suspender
  readonly status: () => NodeStatus
  readonly way: Way
  readonly harden: HardenParts
  readonly doctor: Doctor
  /** What the agent logged itself. */
  readonly logged?: LogRing | undefined
}

/** The link to the server, which is still to be started; null: the configuration names no server. @throws ConfigError */
export async function makeLink(config: AgentConfig, logs: Logs, mates: LinkMates): Promise<Link | null> {
  if (config.server === undefined) return null
  const { state, settings, loop, applier, sources, suspender, status, clock, zone, way } = mates
  const shares = new Shares({ loop, state, clock })
  const failed = (err: unknown): void =>
    logs.link.error({ code: 'order.failed', err }, 'what the server asked for failed')
  return new Link({
    server: config.server,
    trust: await readTrust(config),
    state,
    clock,
    log: logs.link,
    introduction: () => ({
      name: config.name ?? hostName(),
      cluster: settings.cluster,
      join: config.join ?? null,
    }),
    status,
    // What the server said before an order holds for it: a list that lets an address go, who is at the dashboard.
    onOrder: (order) =>
      void applier
        .settled()
        .then(() => loop.order(order))
        .catch(failed),
    onLists: (wanted) => void applier.offerLists(wanted).catch(failed),
    onOperators: (operators) => void applier.offerOperators(operators).catch(failed),
    onSettings: (wanted) => void applier.offer(wanted).catch(failed),
    onSent: (upTo) => way.sent(upTo),
    onReached(acked) {
      applier.reached(acked)
      if (acked !== null) way.acked(acked)
    },
    onSharing(message) {
      const done =
        message.kind === 'suspension' ? suspender.take(message.wish, 'server') : shares.take(message)
      void done.catch(failed)
    },
    onQuestion: makeAnswerer({
      current: () => applier.current,
      sources,
      clock,
      zone,
      harden: mates.harden,
      doctor: mates.doctor,
      logged: mates.logged,
    }),
    onChange: (change: LinkState) => logs.link.debug({ state: change.kind }, 'the link changed'),
  })
}

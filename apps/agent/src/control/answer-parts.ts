import type { Clock } from '@warder/daemon'
import type { NodeStatus } from '@warder/protocol'
import type { JailDetail } from '@warder/protocol/control'
import type { AgentConfig } from '../config/schema.ts'
import { describeLink } from '../link/link-state.ts'
import type { Running } from '../running.ts'
import { definedWith, ignoredWords } from '../settings/local.ts'
import { hostName } from '../settings/surroundings.ts'
import type { AnswerParts } from './parts.ts'
import { detailOf } from './jail-detail.ts'

/** What a running agent answers the command line from. */
export function answerParts(
  { config, clock }: { readonly config: AgentConfig; readonly clock: Clock },
  running: Running,
  status: () => NodeStatus,
): AnswerParts {
  const { loop, applier, state, link, suspender, doctor } = running
  return {
    clock,
    offences: state.offences,
    bans: () => loop.bans(),
    whole: (ban) => state.bans.get(ban.jail, ban.ip) ?? ban,
    jails: () => applier.current.planned.engine.jails.map(({ jail }) => jail.definition.name),
    order: (order) => loop.order(order),
    suspender,
    doctor,
    allowed: () => applier.current.held.local,
    allow: (change) => applier.allow(change),
    takeOver: (orders, past) => loop.takeOver(orders, past),
    jail: (name) => findJail(running, status(), name),
    tune: (jail, change) => applier.tune(jail, change),
    reload: async () => {
      const problems = await applier.reload()
      link?.again()
      return problems
    },
    status: () => ({
      node: state.identity.node() ?? config.name ?? hostName(),
      server: config.server ?? null,
      link: describeLink(link?.state ?? { kind: 'unset' }, clock.now()),
      report: status(),
    }),
  }
}

/** A jail with all that it runs; null where none of this name is to run. */
function findJail({ applier, loop, tally }: Running, report: NodeStatus, name: string): JailDetail | null {
  const decision = applier.current.decided.decisions.find((each) => each.name === name)
  const status = report.jails.find((each) => each.name === name)
  if (decision?.state !== 'running' || !status) return null
  return detailOf({
    status,
    definition: decision.jail.definition,
    ignoreip: ignoredWords(definedWith(decision.jail.definition, applier.current.local)),
    failing: loop.view().jails.find((each) => each.name === name)?.tracked ?? 0,
    totals: tally.totals(name),
  })
}

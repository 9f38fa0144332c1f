import type { DeployOffer } from '@warder/protocol/api'
import type { FleetNodes } from '../nodes/fleet.ts'
import type { NodeRow, ReportStore } from '../nodes/store.ts'
import type { HostFiles } from './host-files.ts'
import type { Member } from './members.ts'
import type { ShippedPackage } from './shipped.ts'
import { sshAgentTrouble } from './ssh.ts'
import { compareVersions, programVersion } from './versions.ts'

export interface OfferParts {
  readonly fleet: FleetNodes
  readonly reports: ReportStore
  readonly shipped: () => ShippedPackage | null
  readonly sshAgent: () => string | null
  readonly hostFiles: HostFiles
}

/** Whether an agent is older than the package; one that never said its version is not called old. */
export const isOutdated = (agent: string | null, shipped: string): boolean =>
  agent !== null && compareVersions(agent, programVersion(shipped)) < 0

/** Which node of the fleet a member is: by address where both are known, else by name. */
export function nodeOf(member: Member, nodes: readonly NodeRow[]): string | null {
  const byName = nodes.find(({ name }) => name === member.name.toLowerCase())
  const byAddress = nodes.find(({ address }) => address !== null && address === member.address)
  return (byName ?? byAddress)?.name ?? null
}

/** What can be put where from here. */
export function makeOffer({ fleet, reports, shipped, sshAgent, hostFiles }: OfferParts) {
  return async (): Promise<DeployOffer> => {
    const [found, trouble] = await Promise.all([hostFiles.members(), sshAgentTrouble(sshAgent())])
    const held = shipped()
    const nodes = fleet.all()
    const agentOf = ({ id }: NodeRow): string | null => reports.status(id)?.status.agent ?? null
    return {
      package:
        held === null ? null : { version: held.version, architecture: held.architecture, bytes: held.bytes },
      sshAgent: {
        usable: trouble === null,
        why: trouble === null ? null : `${trouble.problem.message} ${trouble.problem.remedy}`,
      },
      outdated: nodes
        .filter((node) => held !== null && isOutdated(agentOf(node), held.version))
        .map(({ name }) => name),
      cluster:
        typeof found === 'string'
          ? { name: null, why: found, members: [] }
          : {
              name: found.name,
              why: null,
              members: found.members.map((member) => ({ ...member, node: nodeOf(member, nodes) })),
            },
    }
  }
}

import { MANUAL_JAIL, type IgnoreReason } from '@warder/core'
import type { NodeStatus } from '@warder/protocol'
import type { ControlAnswer } from '@warder/protocol/control'

export const notAnAddress = (text: string): ControlAnswer => ({
  ok: false,
  message: `${text} is neither an address nor a subnet`,
  remedy: 'Write it like 192.0.2.10, 2001:db8::1 or 192.0.2.0/24.',
})

export const jailUnknown = (jail: string, known: readonly string[]): ControlAnswer => ({
  ok: false,
  message: `there is no running jail ${jail.slice(0, 64)}`,
  remedy: `Running are: ${[...known, MANUAL_JAIL].join(', ')}.`,
})

/** What is said of bans that the firewall does not take; null: it does. `whose`: "the bans are". */
export const notTaken = ({ firewall }: NodeStatus, whose: string): ControlAnswer | null =>
  (firewall.backend === 'nftables' || firewall.backend === 'ipset') && !firewall.enforcing
    ? {
        ok: false,
        message: `${whose} noted, but the firewall takes nothing: ${firewall.reason}`,
        remedy: 'The agent tries again by itself; warder status says how it stands.',
      }
    : null

/** What can be done about it. */
export const REMEDIES: Readonly<Record<IgnoreReason, string>> = {
  ignoreip: 'Remove it from ignoreip first.',
  'own-address': 'A node cannot shut itself out.',
  loopback: 'A node cannot shut itself out.',
  'cluster-member': 'The nodes of a cluster must reach each other.',
  gateway: 'Without its gateway the node is cut off.',
  server: 'Without it nobody could lift the ban from the dashboard.',
  proxy: 'Behind it are all who come through it. Take it out of proxies in agent.toml first.',
  'local-network':
    'Set filter_local_networks = true in agent.toml, or in the dashboard for all nodes, to allow it.',
  'private-network': 'Set filter_local_networks = true in agent.toml to allow it.',
  allowlist: 'Take it off the list first: in the dashboard under Lists, or with warder allow --end.',
  operator: 'Sign out there first.',
  'not-an-address': 'Write it like 192.0.2.10, 2001:db8::1 or 192.0.2.0/24.',
  'name-unknown': 'Give an address.',
  ignorecommand: 'Change the ignorecommand of the jail.',
  'jail-unknown': 'warder status lists the jails.',
  'jail-disabled': 'Enable the jail first.',
  'order-expired': 'Try again.',
}

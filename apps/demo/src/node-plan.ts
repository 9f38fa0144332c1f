import { readConfiguration, type Configuration, type Layer } from '@warder/conf'
import { compileJail, JOURNAL, type Plan, type PlannedJail } from '@warder/core'
import { shippedFiles } from '@warder/filters'
import { WARDER_LOG, type World, type WorldNode } from '@warder/simulator'

/** The Backup Server's log: on the node that has this jail it cannot be read, so that the dashboard has trouble to show. */
export const LOST_FILE = '/var/log/proxmox-backup/api/auth.log'

/** Why it cannot be read. */
export const LOST_REASON = 'permission denied: the file belongs to backup:backup with mode 0640'

/** The node whose Backup Server log cannot be read; none in a world of fewer than three. */
export const lostNode = (world: World): string | null => world.nodes[3]?.name ?? world.nodes[2]?.name ?? null

/** The node that is tuned apart from the others; none in a world of one. */
export const tunedNode = (world: World): string | null => world.nodes[1]?.name ?? null

/** `jail.local` of a node: the shipped jails that fit what runs there, with bans long enough to be looked at. */
export function jailLocal(world: World, node: WorldNode): string {
  const lines = [
    '[sshd]',
    'enabled = true',
    'bantime = 4h',
    '',
    '[proxmox]',
    'enabled  = true',
    'maxretry = 4',
    'bantime  = 12h',
    '',
    '[warder]',
    `enabled = ${node.services.includes('warder')}`,
    'backend = polling',
    `logpath = ${WARDER_LOG}`,
    '',
  ]
  if (node.name !== lostNode(world)) return lines.join('\n')
  return [
    ...lines,
    '[proxmox-backup]',
    'enabled = true',
    'backend = polling',
    `logpath = ${LOST_FILE}`,
    '',
  ].join('\n')
}

/** A jail with an expression that no way of matching gets through: there, so that it can be seen how it is paused. */
export const SLOW_JAIL = {
  name: 'shop',
  jail: '[shop]\nenabled = true\nbackend = systemd\nport = https\n',
  filter: [
    '[Definition]',
    'failregex = ^\\s*(?:\\S+\\s*)+(?=, giving up)<HOST>',
    '            ^\\s*\\S+ shop: login failed from <HOST>$',
    'journalmatch = SYSLOG_IDENTIFIER=sshd + SYSLOG_IDENTIFIER=sshd-session',
    '',
  ].join('\n'),
} as const

/** The configuration of a node as its agent will read it. */
export function nodeConfiguration(world: World, node: WorldNode): Configuration {
  const layers: readonly Layer[] = [
    { name: 'shipped', files: shippedFiles() },
    { name: 'local', files: new Map([['jail.local', jailLocal(world, node)]]) },
  ]
  return readConfiguration(layers)
}

/** What a node's agent will run, for a past that fits. @throws Error when a jail of the demonstration is broken */
export function nodePlan(world: World, node: WorldNode): Plan {
  const jails = nodeConfiguration(world, node)
    .jails.filter((definition) => definition.settings.enabled)
    .map((definition): PlannedJail => {
      const compiled = compileJail(definition)
      if (!compiled.ok) throw new Error(`the jail ${definition.name}: ${compiled.problems.join('; ')}`)
      return { jail: compiled.jail, sources: definition.backend === 'file' ? definition.logpath : [JOURNAL] }
    })
  return { jails, never: { groups: [{ reason: 'own-address', targets: [node.address] }] } }
}

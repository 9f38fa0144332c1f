import type { Role } from '@warder/protocol/api'
import { ROLES } from '@warder/protocol/words'
import { english, t } from '../language/t.ts'

/** The roles to choose from. */
export const roleChoices = () => ROLES.map((role) => ({ value: role, label: roleName(role) }))

const NAMES: Readonly<Record<Role, string>> = {
  viewer: english('viewer'),
  operator: english('operator'),
  admin: english('admin'),
}

/** What a role is called. */
export const roleName = (role: Role): string => t(NAMES[role])

const WORDS: Readonly<Record<Role, string>> = {
  viewer: english('A viewer sees bans, jails and nodes, and changes nothing.'),
  operator: english(
    'An operator also bans, unbans, tunes jails and lists, reads log lines of nodes, and can panic.',
  ),
  admin: english('An admin does everything: people, nodes, notifications and the audit too.'),
}

/** What a role may do, in a sentence. */
export const roleWords = (role: Role): string => t(WORDS[role])

/** What a select field holds → the role. */
export const roleFrom = (value: string): Role => ROLES.find((role) => role === value) ?? 'viewer'

import { ROLES, type Role } from '@warder/protocol/api'
import { t } from '../../language/t.ts'

/** The roles to choose from. */
export const ROLE_CHOICES = ROLES.map((role) => ({ value: role, label: role }))

/** What each role may do, in a sentence. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: t('A viewer sees bans, jails and nodes, and changes nothing.'),
  operator: t(
    'An operator also bans, unbans, tunes jails and lists, reads log lines of nodes, and can panic.',
  ),
  admin: t('An admin does everything: people, nodes, notifications and the audit too.'),
}

/** What a select field holds → the role. */
export const roleFrom = (value: string): Role => ROLES.find((role) => role === value) ?? 'viewer'

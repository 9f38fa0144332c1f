import type { IgnoreReason } from '@warder/core'
import { english, t } from '../language/t.ts'

/** The core's words for why a match did not count or a ban was not made, once more, so that they can be said in other languages. */
const REASONS: Readonly<Record<IgnoreReason, string>> = {
  loopback: english('it is loopback'),
  'own-address': english('it is an address of this node'),
  'cluster-member': english('it is a node of the cluster'),
  gateway: english('it is the gateway of this node'),
  server: english('it is the server of Warder'),
  proxy: english('it is one of the proxies'),
  'local-network': english('it is in a network that this node is attached to'),
  'private-network': english('it is in a private network'),
  allowlist: english('an allow list names it, or it was allowed for a while'),
  operator: english('an operator is at the dashboard from there'),
  ignoreip: english('ignoreip names it'),
  'not-an-address': english('it is not an address'),
  'name-unknown': english('nobody knows an address of this name'),
  ignorecommand: english('the ignorecommand of the jail says so'),
  'jail-unknown': english('the node has no such jail'),
  'jail-disabled': english('the jail is off on the node'),
  'order-expired': english('the order came too late'),
}

/** Why something was not counted or not banned, in words; a reason that is not known here as it came. */
export const reasonWords = (reason: string): string =>
  Object.hasOwn(REASONS, reason) ? t(REASONS[reason as IgnoreReason]) : reason

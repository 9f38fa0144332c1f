import { NEVER_WORDS } from '../jail/never.ts'
import type { IgnoreReason } from './event.ts'

/** Why a match did not count, or a ban was not made, in words: what stands behind "because". */
export const IGNORE_WORDS: Readonly<Record<IgnoreReason, string>> = {
  ...NEVER_WORDS,
  'not-an-address': 'it is not an address',
  'name-unknown': 'nobody knows an address of this name',
  ignorecommand: 'the ignorecommand of the jail says so',
  'jail-unknown': 'the node has no such jail',
  'jail-disabled': 'the jail is off on the node',
  'order-expired': 'the order came too late',
}

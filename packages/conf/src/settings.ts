import {
  parseDuration,
  parsePolicy,
  POLICY_NODES_MOST,
  SETTINGS_BOUNDS,
  type JailSettings,
} from '@warder/core'
import type { OptionReader } from './option-reader.ts'
import { quote } from './problem.ts'
import { remarkHint, wholeNumber } from './value.ts'

type Bounded = keyof typeof SETTINGS_BOUNDS

/** What holds where no file says anything, which is what fail2ban's server takes: its stock files say otherwise. */
const UNSAID: Readonly<Record<Bounded, number>> = { maxretry: 3, findtime: 600, bantime: 600 }

/** What can be tuned of a jail, as its files say it. */
export function readSettings(options: OptionReader, enabled: boolean): JailSettings {
  return {
    enabled,
    maxretry: readNumber(options, 'maxretry', wholeNumber),
    findtime: readNumber(options, 'findtime', parseDuration),
    bantime: readNumber(options, 'bantime', parseDuration),
    ...readPolicy(options),
  }
}

/** Our own option: whether other nodes enforce the jail's bans too. */
function readPolicy(options: OptionReader): Pick<JailSettings, 'policy'> {
  const written = options.soft('policy') ?? ''
  if (written === '') return {}
  const policy = parsePolicy(written)
  if (policy !== null) return { policy }
  const forms = `local, cluster, or after N nodes (1 to ${POLICY_NODES_MOST})`
  options.remark('policy', `policy = ${quote(written)} is none of ${forms}; bans stay on this node`)
  return {}
}

function readNumber(options: OptionReader, option: Bounded, parse: (text: string) => number | null): number {
  const written = options.hard(option)
  if (written === undefined) return UNSAID[option]
  const number = parse(written)
  const kind = option === 'maxretry' ? 'a whole number' : 'a duration'
  if (number !== null) return bounded(options, { option, number, written })
  options.fail(option, `${option} is not ${kind}: ${quote(written)}${remarkHint(written)}`)
  return UNSAID[option]
}

/** The nearest number that can be, where fail2ban would do as good as the same with the one that is written. */
function bounded(
  options: OptionReader,
  { option, number, written }: { option: Bounded; number: number; written: string },
): number {
  const { min, max } = SETTINGS_BOUNDS[option]
  if ((number >= min && number <= max) || (option === 'bantime' && number === -1)) return number
  const range = `${min} to ${max}${option === 'bantime' ? ' (-1: for ever)' : ''}`
  const message = `${option} = ${quote(written)} lies outside of ${range}`
  const nearest = number > max ? max : min
  if (number > max || option === 'maxretry') options.remark(option, `${message}; ${nearest} is used`)
  else options.fail(option, message)
  return nearest
}

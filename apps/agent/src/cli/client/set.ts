import { splitIgnoreip } from '@warder/conf'
import { FOREVER, parseDuration, SETTINGS_BOUNDS } from '@warder/core'
import { banAll, unbanAll } from './bans.ts'
import { ignoreText } from './get.ts'
import type { Jails } from './jails.ts'
import { incomplete, notDone, ofServer, type Said } from './said.ts'
import { asShown } from './text.ts'

const IN_FILES = 'Warder reads this from its files: write it into /etc/warder/jail.local, then: warder reload'

/** `set JAIL ...`. */
export async function set(jails: Jails, words: readonly string[]): Promise<Said> {
  const [jail = '', what, ...values] = words
  if (what === undefined) throw incomplete('Name a jail and what is to be set.')
  const foreign = ofServer(jail)
  if (foreign !== null) throw foreign
  await jails.mustRun(jail)
  switch (what) {
    case 'banip':
      return banAll(jails, jail, values)
    case 'unbanip':
      return unbanAll(jails, values, jail)
    case 'bantime':
    case 'findtime':
    case 'maxretry':
      return tune(jails, jail, { what, value: values[0] })
    case 'addignoreip':
    case 'delignoreip':
      return ignore(jails, jail, { isAdded: what === 'addignoreip', words: values })
    default:
      throw notDone(`Invalid command '${what}' (no set action or not yet implemented)`, IN_FILES)
  }
}

async function tune(
  jails: Jails,
  jail: string,
  { what, value }: { what: keyof typeof SETTINGS_BOUNDS; value: string | undefined },
): Promise<Said> {
  const { min, max } = SETTINGS_BOUNDS[what]
  const isCount = what === 'maxretry'
  const form = `Give ${isCount ? 'a whole number' : 'seconds or a duration such as 1h'} from ${min} to ${max}${what === 'bantime' ? ', or -1 for ever' : ''}.`
  if (value === undefined) throw incomplete(form)
  const number = isCount ? (/^\s*\+?\d+\s*$/.test(value) ? Number(value) : null) : parseDuration(value)
  const whole = Math.round(number ?? Number.NaN)
  if (!((whole >= min && whole <= max) || (what === 'bantime' && whole === FOREVER)))
    throw notDone(`${what} cannot be ${JSON.stringify(value.slice(0, 40))}`, form)
  await jails.ask({ verb: 'tune', jail, settings: { [what]: whole } })
  return { out: String(whole), hints: [untilWhen(jail)] }
}

const untilWhen = (jail: string): string =>
  `Jail ${jail} was changed on this node until the agent restarts, reads its files again, or gets other settings from its server.`

async function ignore(
  jails: Jails,
  jail: string,
  { isAdded, words }: { isAdded: boolean; words: readonly string[] },
): Promise<Said> {
  const { ignoreip, ignorehosts, foreign } = splitIgnoreip(words.join(' '))
  const form = 'Write it like 192.0.2.10, 192.0.2.0/24 or host.example.'
  if (words.length === 0 && !isAdded) throw incomplete(form)
  if (foreign.length > 0)
    throw notDone(`${foreign[0]?.slice(0, 60)} is no address, no subnet and no host name`, form)
  const named = [...ignoreip, ...ignorehosts]
  const { ignoreip: before } = await jails.detail(jail)
  const known = new Map(before.map((word) => [asShown(word), word]))
  const absent = named.filter((word) => !known.has(asShown(word)))
  if (!isAdded && absent.length > 0)
    throw notDone(
      `${absent[0]?.slice(0, 60)} is not in the list`,
      `It is: ${before.map(asShown).join(' ') || 'empty'}`,
    )
  const change = isAdded
    ? { ignore: absent }
    : { unignore: named.flatMap((word) => known.get(asShown(word)) ?? []) }
  const { jail: now } = await jails.ask({ verb: 'tune', jail, ...change })
  return { out: now ? ignoreText(now) : '', hints: [untilWhen(jail)] }
}

import { splitIgnoreip } from '@warder/conf'
import { FOREVER, parseDuration, parseTarget, SETTINGS_BOUNDS } from '@warder/core'
import { ignoreText } from './get.ts'
import type { Jails } from './jails.ts'
import { notDone, type Said } from './said.ts'

const IN_FILES = 'Warder reads this from its files: write it into /etc/warder/jail.local, then: warder reload'

/** `set JAIL ...`. */
export async function set(jails: Jails, words: readonly string[]): Promise<Said> {
  const [jail = '', what, ...values] = words
  if (what === undefined) throw notDone('Invalid command', IN_FILES)
  await jails.mustRun(jail)
  switch (what) {
    case 'banip':
      return banAll(jails, jail, values)
    case 'unbanip':
      return unbanAll(jails, jail, values)
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

/** Bans in a jail → how many are new. Whom the agent refuses is named: a script must not take it for done. */
async function banAll(jails: Jails, jail: string, ips: readonly string[]): Promise<Said> {
  const banned = new Set((await jails.bans(jail)).map(({ ip }) => ip))
  const notes: string[] = []
  let count = 0
  for (const ip of ips) {
    try {
      const { changed = 0 } = await jails.ask({
        verb: 'ban',
        ip: ip.slice(0, 49),
        jail,
        reason: 'fail2ban-client',
      })
      if (!banned.has(parseTarget(ip) ?? ip)) count += changed
    } catch (err) {
      notes.push(err instanceof Error ? err.message : String(err))
    }
  }
  return { out: String(count), notes, isRefused: notes.length > 0 }
}

async function unbanAll(jails: Jails, jail: string, words: readonly string[]): Promise<Said> {
  const isStrict = words[0] === '--report-absent'
  const absent: string[] = []
  let count = 0
  for (const ip of isStrict ? words.slice(1) : words) {
    if (parseTarget(ip) === null) throw notDone(`${ip.slice(0, 60)} is neither an address nor a subnet`)
    const { changed = 0 } = await jails.ask({ verb: 'unban', ip, jail })
    if (changed === 0) absent.push(ip)
    count += changed
  }
  if (isStrict && absent.length > 0)
    throw notDone(`not banned: [${absent.map((ip) => `'${ip}'`).join(', ')}]`)
  return { out: String(count) }
}

async function tune(
  jails: Jails,
  jail: string,
  { what, value = '' }: { what: keyof typeof SETTINGS_BOUNDS; value: string | undefined },
): Promise<Said> {
  const number = what === 'maxretry' ? (/^\d+$/.test(value) ? Number(value) : null) : parseDuration(value)
  const { min, max } = SETTINGS_BOUNDS[what]
  const isMeant =
    number !== null && ((number >= min && number <= max) || (what === 'bantime' && number === FOREVER))
  if (!isMeant)
    throw notDone(
      `${what} cannot be ${JSON.stringify(value.slice(0, 40))}`,
      `Give ${what === 'maxretry' ? 'a whole number' : 'seconds or a duration such as 1h'} from ${min} to ${max}${what === 'bantime' ? ', or -1 for ever' : ''}.`,
    )
  const whole = Math.round(number)
  await jails.ask({ verb: 'tune', jail, settings: { [what]: whole } })
  return { out: String(whole), notes: [untilWhen(jail)] }
}

const untilWhen = (jail: string): string =>
  `Jail ${jail} was changed on this node until the agent restarts, reads its files again, or gets other settings from its server.`

async function ignore(
  jails: Jails,
  jail: string,
  { isAdded, words }: { isAdded: boolean; words: readonly string[] },
): Promise<Said> {
  const { foreign } = splitIgnoreip(words.join(' '))
  if (words.length === 0 || foreign.length > 0)
    throw notDone(
      `${foreign[0]?.slice(0, 60) ?? 'nothing'} is no address, no subnet and no host name`,
      'Write it like 192.0.2.10, 192.0.2.0/24 or host.example.',
    )
  const { ignoreip } = await jails.detail(jail)
  const absent = words.filter((word) => !ignoreip.includes(word))
  if (!isAdded && absent.length > 0)
    throw notDone(`${absent[0]?.slice(0, 60)} is not in the list`, `It is: ${ignoreip.join(' ') || 'empty'}`)
  const change = isAdded ? { ignore: [...words] } : { unignore: [...words] }
  const { jail: now } = await jails.ask({ verb: 'tune', jail, ...change })
  return { out: now ? ignoreText(now) : '', notes: [untilWhen(jail)] }
}

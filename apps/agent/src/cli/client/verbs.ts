import { contains, parseTarget } from '@warder/core'
import { unbanAll } from './bans.ts'
import { get } from './get.ts'
import { CLIENT_HELP, FAIL2BAN_VERSION } from './help.ts'
import type { Jails } from './jails.ts'
import { noJail, notDone, type Said } from './said.ts'
import { set } from './set.ts'
import { allText, bannedText, jailText, pythonList, pythonTexts, statusText } from './text.ts'

const byName = (names: readonly string[]): readonly string[] =>
  names.toSorted((one, other) => (one < other ? -1 : 1))

/** Carries out one command of fail2ban-client. @throws Refused */
export async function carryOut(jails: Jails, words: readonly string[]): Promise<Said> {
  const [verb = '', ...rest] = words
  switch (verb) {
    case 'ping':
      await jails.report()
      return { out: 'Server replied: pong' }
    case 'version':
      await jails.report()
      return { out: FAIL2BAN_VERSION }
    case 'echo':
      return { out: rest.join(' ') }
    case 'help':
      return { out: CLIENT_HELP.trimEnd() }
    case 'flushlogs':
      // The agent logs to the journal: there is nothing to open again.
      return { out: 'logs: flushed' }
    case 'status':
      return status(jails, rest)
    case 'banned':
      return { out: rest.length === 0 ? await allBanned(jails) : await jailsOf(jails, rest) }
    case 'unban':
      return unban(jails, rest)
    case 'reload':
    case 'restart':
      return reload(jails, rest)
    case 'start':
    case 'stop':
      return rest[0] === undefined ? serviceItself(jails, verb) : startOrStop(jails, verb, rest[0])
    case 'set':
      return set(jails, rest)
    case 'get':
      return get(jails, rest)
    default:
      throw notDone('Invalid command', 'See what there is with: warder client --help')
  }
}

async function status(jails: Jails, [name, flavor = 'basic']: readonly string[]): Promise<Said> {
  const notes = /^(?:basic|short)$/.test(flavor)
    ? []
    : [`status has no form ${flavor.slice(0, 40)} here; this is basic`]
  const short = flavor === 'short'
  if (name === undefined) return { out: statusText(byName(await jails.names())) }
  const bans = await jails.bans()
  const bansOf = (jail: string) => bans.filter((ban) => ban.jail === jail)
  if (name !== '--all') return { out: jailText(name, await jails.detail(name), bansOf(name), short), notes }
  const all = []
  for (const jail of byName(await jails.names()))
    all.push({ name: jail, detail: await jails.detail(jail), bans: bansOf(jail) })
  return { out: allText(all, short), notes }
}

async function allBanned(jails: Jails): Promise<string> {
  const [names, bans] = [await jails.names(), await jails.bans()]
  return bannedText(names.map((name) => [name, bans.filter(({ jail }) => jail === name)]))
}

/** For each address the jails in which it is banned, by itself or with a subnet around it. */
async function jailsOf(jails: Jails, ips: readonly string[]): Promise<string> {
  const [names, bans] = [await jails.names(), await jails.bans()]
  const found = ips.map((text) => {
    const ip = parseTarget(text)
    const jailed = new Set(bans.filter((ban) => ip !== null && contains(ban.ip, ip)).map(({ jail }) => jail))
    return names.filter((name) => jailed.has(name))
  })
  return pythonList(found.map(pythonTexts))
}

async function unban(jails: Jails, words: readonly string[]): Promise<Said> {
  if (words.length === 0) throw notDone('Invalid command', 'Give addresses, or --all.')
  if (words[0] === '--all') return { out: String((await jails.ask({ verb: 'unban' })).changed ?? 0) }
  return unbanAll(jails, words)
}

const RELOADED = /^--(?:all|restart|unban|if-exists)$/

/** Everything is read again whatever is named: there is no reading of one jail alone. */
async function reload(jails: Jails, words: readonly string[]): Promise<Said> {
  const flags = new Set(words.filter((word) => word.startsWith('--')))
  const [name, ...more] = words.filter((word) => !word.startsWith('--'))
  const wrong = more[0] ?? [...flags].find((flag) => !RELOADED.test(flag))
  if (wrong !== undefined) throw notDone('Invalid command', `${wrong.slice(0, 60)} means nothing here.`)
  const { problems = [] } = await jails.ask({ verb: 'reload' })
  if (name !== undefined && !(await jails.names()).includes(name)) {
    if (flags.has('--if-exists')) return { out: 'OK', notes: problems }
    throw noJail(name, ...problems)
  }
  if (flags.has('--unban')) await jails.ask({ verb: 'unban', ...(name === undefined ? {} : { jail: name }) })
  return { out: 'OK', notes: problems }
}

async function startOrStop(jails: Jails, verb: 'start' | 'stop', name: string): Promise<Said> {
  const { jails: known } = await jails.report()
  if (!known.some((jail) => jail.name === name)) throw noJail(name)
  await jails.ask({ verb: 'tune', jail: name, settings: { enabled: verb === 'start' } })
  return { out: verb === 'start' ? 'Jail started' : 'Jail stopped' }
}

/** The service is systemd's: a script that ends it would end the protection without anybody noticing. */
async function serviceItself(jails: Jails, verb: 'start' | 'stop'): Promise<Said> {
  if (verb === 'stop')
    throw notDone('the agent is not stopped by this command', 'Do it with: systemctl stop warder-agent')
  await jails.report()
  throw notDone('the agent is running already')
}

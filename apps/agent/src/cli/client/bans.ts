import { contains, ORDER_LIMIT, parseTarget } from '@warder/core'
import type { Jails } from './jails.ts'
import { incomplete, notDone, type Said } from './said.ts'
import { pythonTexts } from './text.ts'

/** Words of a command line as the agent writes them, each once, and those that are no address and no subnet. */
function targetsOf(words: readonly string[]): { targets: readonly string[]; foreign: readonly string[] } {
  return {
    targets: [...new Set(words.flatMap((word) => parseTarget(word) ?? []))],
    foreign: words.filter((word) => parseTarget(word) === null),
  }
}

const isNone = (word: string): string => `${word.slice(0, 60)} is neither an address nor a subnet`

/** In as few parts as requests take them. */
const parts = (targets: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(targets.length / ORDER_LIMIT) }, (_, i) =>
    targets.slice(i * ORDER_LIMIT, (i + 1) * ORDER_LIMIT),
  )

/** `set JAIL banip` → how many are new. Whom the agent refuses is named: a script must not take it for done. */
export async function banAll(jails: Jails, jail: string, words: readonly string[]): Promise<Said> {
  const { targets, foreign } = targetsOf(words)
  const notes = foreign.map(isNone)
  const banned = new Set((await jails.bans(jail)).map(({ ip }) => ip))
  const isNew = (ip: string): boolean => !banned.has(ip)
  let count = 0
  for (const ips of parts(targets)) {
    const { refused = [] } = await jails.ask({
      verb: 'ban-many',
      ips: [...ips],
      jail,
      reason: 'fail2ban-client',
    })
    for (const { ip, reason } of refused) notes.push(`${ip} was not banned: ${reason}`)
    const not = new Set(refused.map(({ ip }) => ip))
    count += ips.filter((ip) => isNew(ip) && !not.has(ip)).length
  }
  return { out: String(count), notes, isRefused: notes.length > 0 }
}

/** `set JAIL unbanip` and, in all jails, `unban` → how many bans are lifted. What is no address cannot be banned. */
export async function unbanAll(jails: Jails, words: readonly string[], jail?: string): Promise<Said> {
  if (words.length === 0) throw incomplete('Give addresses or subnets.')
  const isStrict = jail !== undefined && words[0] === '--report-absent'
  const named = isStrict ? words.slice(1) : words
  const { targets, foreign } = targetsOf(named)
  const absent = isStrict ? await absentOf(jails, jail, named) : []
  let count = 0
  for (const ips of parts(targets)) {
    const where = jail === undefined ? {} : { jail }
    count += (await jails.ask({ verb: 'unban-many', ips: [...ips], ...where })).changed ?? 0
  }
  if (absent.length > 0) throw notDone(`not banned: ${pythonTexts(absent)}`)
  return { out: String(count), notes: foreign.map(isNone) }
}

async function absentOf(jails: Jails, jail: string, words: readonly string[]): Promise<readonly string[]> {
  const bans = await jails.bans(jail)
  return words.filter((word) => {
    const target = parseTarget(word)
    return target === null || !bans.some(({ ip }) => contains(target, ip))
  })
}

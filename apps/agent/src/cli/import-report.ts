import { formatDuration, formatPorts, FOREVER, type Seconds } from '@warder/core'
import type { DatabaseError } from '../fail2ban/database.ts'
import type { FoundJail, Installation } from '../fail2ban/installation.ts'
import type { PastBans } from '../fail2ban/past-bans.ts'
import { printable, table } from './show.ts'

/** fail2ban as it was found. */
export interface Found {
  readonly folder: string
  readonly installation: Installation
  /** Null: there is no database, or it is left behind. */
  readonly database: string | null
  readonly bans: PastBans | null
  /** Why the database cannot be read; null: it was, or none is. */
  readonly trouble: DatabaseError | null
}

/** Every jail that fail2ban runs with what it becomes, and below it what is lost or done otherwise. */
export function showJails(jails: readonly FoundJail[], bans: PastBans | null): string {
  const counts = Map.groupBy([...(bans?.active ?? []), ...(bans?.waiting ?? [])], ({ jail }) => jail)
  const countOf = (name: string): string => (bans === null ? '-' : String(counts.get(name)?.length ?? 0))
  if (jails.length === 0) return 'No jail is enabled there.\n'
  const rows = jails.map(({ name, definition }) =>
    definition === null
      ? [name, 'CANNOT RUN', '', '', '', '', '', countOf(name)]
      : [
          name,
          definition.filter.name,
          readsOf(definition),
          formatPorts(definition.ports),
          String(definition.settings.maxretry),
          lengthOf(definition.settings.findtime),
          lengthOf(definition.settings.bantime),
          countOf(name),
        ],
  )
  const remarks = jails.flatMap((jail) =>
    [...(jail.definition === null ? [] : ignoredBy(jail.definition)), ...jail.remarks].map(
      (remark) => `${jail.name}: ${printable(remark)}\n`,
    ),
  )
  return [
    table([['JAIL', 'FILTER', 'READS', 'PORTS', 'MAXRETRY', 'FINDTIME', 'BANTIME', 'BANS'], ...rows]),
    remarks.length > 0 ? '\n' : '',
    ...remarks,
    ...prefixes(jails),
  ].join('')
}

type Definition = NonNullable<FoundJail['definition']>

/** What nobody has written and is done otherwise all the same. */
function prefixes(jails: readonly FoundJail[]): readonly string[] {
  const lengths = new Set(jails.map(({ definition }) => definition?.ipv6prefix ?? 128))
  return [...lengths]
    .filter((length) => length < 128)
    .map(
      (length) =>
        `\nIPv6 addresses count and are banned by their /${length}, where fail2ban takes each by itself. To keep that: ipv6prefix = 128 in [DEFAULT] of /etc/warder/jail.local\n`,
    )
}

function readsOf({ backend, filter, logpath }: Definition): string {
  if (backend === 'bans') return 'the bans of the others'
  const journal = filter.journalmatch.length > 0 && backend !== 'file'
  const files =
    logpath.length > 2 ? `${logpath.slice(0, 2).join(' ')} +${logpath.length - 2}` : logpath.join(' ')
  if (backend === 'systemd' || (journal && files === '')) return 'journal'
  return journal ? `journal, or ${files}` : files || 'nothing'
}

function ignoredBy({
  ignoreip,
  ignorehosts = [],
  ignorefiles = [],
  ignorecommand,
}: Definition): readonly string[] {
  const all = [...ignoreip, ...ignorehosts, ...ignorefiles.map((path) => `file:${path}`)]
  return [
    ...(all.length === 0
      ? []
      : [`never counts: ${all.slice(0, 10).join(' ')}${all.length > 10 ? ` +${all.length - 10}` : ''}`]),
    ...(ignorecommand === undefined ? [] : [`asks: ${ignorecommand.join(' ')}`]),
  ]
}

const lengthOf = (seconds: Seconds): string => (seconds === FOREVER ? 'for ever' : formatDuration(seconds))

/** What the database holds. */
export function showBansFound(path: string, { active, over, waiting, left }: PastBans): string {
  const forEver = active.filter(({ until }) => until === null).length
  return [
    `${printable(path)}: ${count(active.length, 'ban')} in force${forEver > 0 ? `, ${forEver} of them for ever` : ''}; `,
    `${count(over.length, 'earlier one')} remembered`,
    waiting.length > 0 ? `; ${count(waiting.length, 'more ban')} of jails that cannot run here` : '',
    left > 0 ? `; ${left} of jails that are not enabled are left behind` : '',
    '.\n',
  ].join('')
}

export const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`

/** All of it in JSON. */
export function summaryOf({ folder, installation, database, bans, trouble }: Found) {
  return {
    folder,
    database,
    jails: installation.jails.map(({ name, definition, remarks }) => ({
      name,
      runs: definition !== null,
      remarks,
      ...(definition === null ? {} : { filter: definition.filter.name, settings: definition.settings }),
    })),
    problems: [...installation.problems, ...(trouble === null ? [] : [trouble.message])],
    bans:
      bans === null
        ? null
        : {
            active: bans.active.length,
            past: bans.over.length,
            waiting: bans.waiting.length,
            left: bans.left,
          },
  }
}

import {
  DEFAULT_POLICY,
  explainBan,
  formatDuration,
  FOREVER,
  type Ban,
  type EpochMs,
  type Seconds,
} from '@warder/core'
import type { JailEnforcement, JailStatus, NeverStatus, NodeStatus, SourceStatus } from '@warder/protocol'

/** How far a moment is away, in the language of durations; `never` for none. */
export const agoOf = (at: EpochMs | null, now: EpochMs): string =>
  at === null ? 'never' : `${shortly(now - at)} ago`

/** How long a ban still lasts. */
export const leftOf = (until: EpochMs | null, now: EpochMs): string =>
  until === null ? 'for ever' : shortly(until - now)

/** The two largest parts are enough for a person. */
const shortly = (ms: number): string =>
  formatDuration(Math.max(0, Math.round(ms / 1_000)))
    .split(' ')
    .slice(0, 2)
    .join(' ')

const lengthOf = (seconds: Seconds): string => (seconds === FOREVER ? 'for ever' : formatDuration(seconds))

/** Rows of texts → lines with the columns below each other. Control characters of a name never reach a terminal. */
export function table(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map(printable))
  const widths = (clean[0] ?? []).map((_, column) =>
    Math.max(...clean.map((row) => row[column]?.length ?? 0)),
  )
  return clean
    .map(
      (row) =>
        `${row
          .map((text, column) => text.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** Text from a log or a name, made harmless for a terminal. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}')

/** The node as a whole, with its jails. */
export function showStatus(
  status: { node: string | null; link: string; report: NodeStatus },
  now: EpochMs,
): string {
  const { report } = status
  const { backend, enforcing, reason } = report.firewall
  const running = report.jails.filter((jail) => jail.state !== 'disabled')
  const disabled = report.jails.length - running.length
  const held = new Map(report.enforcement?.jails.map((each) => [each.jail, each]) ?? [])
  const jails = running.map((jail) => [
    jail.name,
    jail.state,
    String(jail.activeBans),
    ...(report.enforcement === undefined ? [] : readBack(held.get(jail.name))),
    String(jail.effective.maxretry),
    lengthOf(jail.effective.findtime),
    lengthOf(jail.effective.bantime),
    agoOf(jail.lastMatchAt, now),
  ])
  const columns = report.enforcement === undefined ? [] : ['ENFORCED', 'DROPPED']
  const others = report.activeBans - running.reduce((sum, jail) => sum + jail.activeBans, 0)
  return [
    `Node      ${printable(status.node ?? 'without a name')}, agent ${report.agent}, up ${shortly(now - report.startedAt)}\n`,
    `Link      ${printable(status.link)}\n`,
    `Firewall  ${enforcing ? backend : `${backend}, NOT enforcing`}: ${printable(reason)}\n`,
    `Bans      ${report.activeBans} in force${others > 0 ? `, ${others} of them made by hand` : ''}\n`,
    enforcedLine(report, now),
    `Settings  revision ${report.revision}${report.outboxDepth > 0 ? `, ${report.outboxDepth} events wait for the server` : ''}\n`,
    '\n',
    running.length === 0
      ? 'No jail is enabled. Enable one in jail.local or in the dashboard.\n'
      : table([
          ['JAIL', 'STATE', 'BANS', ...columns, 'MAXRETRY', 'FINDTIME', 'BANTIME', 'LAST MATCH'],
          ...jails,
        ]),
    disabled > 0 ? `(${disabled} more are disabled)\n` : '',
    showNever(report.never),
    ...report.jails.flatMap((jail) =>
      jail.state === 'disabled' && jail.reason
        ? [`\n${jail.name}: disabled, ${printable(jail.reason)}\n`]
        : [],
    ),
    ...running.flatMap((jail) => (jail.reason ? [`\n${jail.name}: ${printable(jail.reason)}\n`] : [])),
    ...report.jails.flatMap(({ name, local = [] }) =>
      local.length > 0 ? [`\n${name}: ${byHand(local)}\n`] : [],
    ),
    ...report.sources.flatMap((source) =>
      (source.state === 'reading' && source.reason === undefined) || awaitedOnly(source, report.jails)
        ? []
        : [`\n${troubleOf(source)}\n`],
    ),
  ].join('')
}

/** What the firewall itself said when it was asked last. */
const readBack = (held: JailEnforcement | undefined): readonly string[] =>
  held === undefined ? ['-', '-'] : [`${held.enforced} of ${held.wanted}`, String(held.dropped)]

function enforcedLine({ enforcement }: NodeStatus, now: EpochMs): string {
  if (enforcement === undefined) return ''
  const sum = (figure: 'wanted' | 'enforced' | 'dropped'): number =>
    enforcement.jails.reduce((total, jail) => total + jail[figure], 0)
  const missing = enforcement.jails.flatMap((jail) => jail.missing)
  const named = missing.length === 0 ? '' : `; missing: ${missing.slice(0, 4).join(', ')}`
  const more = missing.length > 4 ? ' and more' : ''
  return `Enforced  ${sum('enforced')} of ${sum('wanted')} (read back ${agoOf(enforcement.checkedAt, now)}), ${sum('dropped')} packets dropped${printable(named)}${more}\n`
}

const NEVER_LINE = 4

/** `192.0.2.0/24 (vmbr0)` */
const inFull = ({ target, of }: NeverStatus['localNetworks']['networks'][number]): string =>
  printable(of === undefined ? target : `${target} (${of})`)

/** Who is never banned, a line for each reason. */
function showNever(never: NeverStatus | undefined): string {
  if (never === undefined) return ''
  const { groups, localNetworks } = never
  const rows = groups.map(({ reason, total, targets }) => {
    const named = targets.slice(0, NEVER_LINE)
    const more = total > named.length ? `, and ${total - named.length} more` : ''
    return [reason, `${named.map(inFull).join(', ')}${more}`]
  })
  const filtered = localNetworks.filtered && localNetworks.networks.length > 0
  const note = filtered
    ? `Local networks are filtered, so who is in them can be banned: ${localNetworks.networks.map(inFull).join(', ')}\n`
    : ''
  return `\n${table([['NEVER BANNED', 'WHO'], ...rows])}${note}`
}

/** What was changed here, and for how long. */
const byHand = (keys: readonly string[]): string =>
  `${keys.join(', ')} changed by hand on this node, until warder reload, a restart or other settings from the server`

/** Only jails wait for it that say so themselves. */
const awaitedOnly = ({ id, state }: SourceStatus, jails: readonly JailStatus[]): boolean =>
  state === 'waiting' && jails.every((jail) => jail.state === 'disabled' || !jail.sources.includes(id))

const troubleOf = ({ id, state, reason }: SourceStatus): string =>
  printable(`source ${id} is ${state}${reason === undefined ? '' : `: ${reason}`}`)

/** One jail in detail, with its bans. */
export function showJail(
  jail: JailStatus,
  sources: readonly SourceStatus[],
  bans: readonly Ban[],
  now: EpochMs,
): string {
  const { effective, configured } = jail
  const tuned = (key: keyof typeof effective): string =>
    shown(key, effective) === shown(key, configured) ? '' : `  (configured: ${shown(key, configured)})`
  const shown = (
    key: keyof typeof effective,
    { policy = DEFAULT_POLICY, ...rest }: typeof effective,
  ): string => inWords(key, key === 'policy' ? policy : rest[key])
  const inWords = (key: string, value: number | boolean | string): string =>
    typeof value === 'number' && key !== 'maxretry' ? lengthOf(value) : String(value)
  const keys = ['enabled', 'maxretry', 'findtime', 'bantime', 'policy'] as const
  const read = sources.filter((source) => jail.sources.includes(source.id))
  return [
    `Jail      ${jail.name}: ${jail.state}${jail.reason ? `, ${printable(jail.reason)}` : ''}\n`,
    `Filter    ${printable(jail.filter)}\n`,
    `Ports     ${jail.ports || '-'}\n`,
    jail.ipv6prefix === undefined ? '' : `ipv6prefix ${jail.ipv6prefix}\n`,
    jail.aggregate === undefined ? '' : `aggregate ${jail.aggregate}\n`,
    ...keys.map((key) => `${key.padEnd(10)}${shown(key, effective)}${tuned(key)}\n`),
    jail.local ? `Changed   ${byHand(jail.local)}\n` : '',
    `Match     ${agoOf(jail.lastMatchAt, now)}\n`,
    '\n',
    read.length === 0
      ? `It reads ${printable(jail.sources.join(', ')) || 'nothing'}.\n`
      : table([
          ['SOURCE', 'STATE', 'LINES', 'MATCHES', 'LAST LINE'],
          ...read.map((source) => [
            source.id,
            source.reason ?? source.state,
            String(source.lines),
            String(source.matches),
            agoOf(source.lastLineAt, now),
          ]),
        ]),
    '\n',
    showBans(bans, now),
  ].join('')
}

/** Bans, each with its reason in words. */
export function showBans(bans: readonly Ban[], now: EpochMs): string {
  if (bans.length === 0) return 'Nobody is banned.\n'
  return table([
    ['ADDRESS', 'JAIL', 'SINCE', 'LEFT', 'WHY'],
    ...bans.map((ban) => [ban.ip, ban.jail, agoOf(ban.at, now), leftOf(ban.until, now), explainBan(ban)]),
  ])
}

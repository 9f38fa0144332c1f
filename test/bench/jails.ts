import { readConfiguration } from '@warder/conf'
import { compileJail, type CompiledJail } from '@warder/core'
import { shippedFiles } from '@warder/filters'
import type { LogName } from './generate.ts'

/** What is measured: a log, what we look for in it, and the same in the words of the others. */
export interface Case {
  readonly name: string
  readonly log: LogName
  /** Our jail, as an operator writes it into jail.local. */
  readonly jail: string
  /** Our own filters that are not shipped. */
  readonly filters: ReadonlyMap<string, string>
  /** fail2ban's filter, by name or with its text. */
  readonly fail2ban: { readonly filter: string; readonly text?: string }
  /** The expression for ripgrep. */
  readonly ripgrep: string
  /** Counts for the figures of nginx, else for those of sshd and proxmox. */
  readonly isNginx: boolean
}

const ADDRESS = '[0-9a-f.:]+'
const SSHD_NORMAL = [
  `Failed (password|keyboard-interactive) for .* from ${ADDRESS} port [0-9]+ ssh2`,
  `Invalid user .* from ${ADDRESS} port [0-9]+`,
  `maximum authentication attempts exceeded for .* from ${ADDRESS} port`,
]
const SSHD_AGGRESSIVE = [
  ...SSHD_NORMAL,
  `Connection (closed|reset) by ((authenticating|invalid) user .* )?${ADDRESS} port [0-9]+ \\[preauth\\]`,
  `Disconnected from (authenticating|invalid) user .* ${ADDRESS} port`,
  `banner exchange: Connection from ${ADDRESS} port`,
  `Unable to negotiate with ${ADDRESS} port`,
]
const SSHD = String.raw`sshd(-session)?\[[0-9]+\]: (error: )?`
const NO_FILTERS: ReadonlyMap<string, string> = new Map()

const PROXMOX_FAIL2BAN = String.raw`[Definition]
failregex = ^.*pvedaemon\[\d+\]: authentication failure; rhost=<HOST> user=\S.* msg=
`
const ACCESS_FILTER = String.raw`[Definition]
failregex = ^<HOST> - \S+ \[\] "(?:GET|POST|HEAD) /(?:wp-login\.php|phpmyadmin|cgi-bin|mysqladmin|roundcube)\S* \S+" 404\s
`
const AUTH_FILTER = String.raw`[Definition]
failregex = ^\s*\[error\] \d+#\d+: \*\d+ user "<F-USER>.*</F-USER>":? (?:password mismatch|was not found in "[^"]*"), client: <HOST>, server:
`

export const CASES: readonly Case[] = [
  {
    name: 'sshd normal',
    log: 'sshd',
    jail: 'filter = sshd[mode=normal]',
    filters: NO_FILTERS,
    fail2ban: { filter: 'sshd[mode=normal]' },
    ripgrep: `${SSHD}(${SSHD_NORMAL.join('|')})`,
    isNginx: false,
  },
  {
    name: 'sshd aggressive',
    log: 'sshd',
    jail: 'filter = sshd[mode=aggressive]',
    filters: NO_FILTERS,
    fail2ban: { filter: 'sshd[mode=aggressive]' },
    ripgrep: `${SSHD}(${SSHD_AGGRESSIVE.join('|')})`,
    isNginx: false,
  },
  {
    name: 'proxmox',
    log: 'proxmox',
    jail: 'filter = proxmox',
    filters: NO_FILTERS,
    fail2ban: { filter: 'bench-proxmox', text: PROXMOX_FAIL2BAN },
    ripgrep: String.raw`pvedaemon\[[0-9]+\]: authentication failure; rhost=${ADDRESS} user=.* msg=`,
    isNginx: false,
  },
  {
    name: 'nginx access',
    log: 'nginx-access',
    jail: 'filter = bench-access',
    filters: new Map([['filter.d/bench-access.conf', ACCESS_FILTER]]),
    fail2ban: { filter: 'nginx-botsearch' },
    ripgrep: `^${ADDRESS} - .*"(GET|POST|HEAD) /(wp-login|phpmyadmin|cgi-bin|mysqladmin|roundcube).*" 404 `,
    isNginx: true,
  },
  {
    name: 'nginx auth',
    log: 'nginx-auth',
    jail: 'filter = bench-auth',
    filters: new Map([['filter.d/bench-auth.conf', AUTH_FILTER]]),
    fail2ban: { filter: 'nginx-http-auth' },
    ripgrep: `user ".*":? (password mismatch|was not found in "[^"]*"), client: ${ADDRESS}`,
    isNginx: true,
  },
]

/**
 * What all of them are told, so that all count and ban alike. A log ends with the last full hour: bans for less than a day would be over, or not,
 * by the minute in which it is read.
 */
export const SETTINGS = { maxretry: 5, findtime: 86_400, bantime: 86_400 } as const

/** Our jail of a case, read and compiled the way the agent does it. Throws an Error when it is broken. */
export function compileCase({ jail, filters }: Case, path: string): CompiledJail {
  const settings = Object.entries(SETTINGS).map(([name, value]) => `${name} = ${value}`)
  const text = ['[bench]', jail, 'enabled = true', 'backend = polling', `logpath = ${path}`, ...settings]
  const { jails, problems } = readConfiguration([
    { name: 'shipped', files: shippedFiles() },
    { name: 'bench', files: new Map([...filters, ['jail.local', `${text.join('\n')}\n`]]) },
  ])
  const definition = jails.find(({ name }) => name === 'bench')
  if (definition === undefined) throw new Error(problems.map(({ message }) => message).join('; '))
  const compiled = compileJail(definition)
  if (!compiled.ok) throw new Error(compiled.problems.join('; '))
  return compiled.jail
}

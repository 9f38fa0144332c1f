import type { Role } from '@warder/protocol/api'
import { ROLES } from '@warder/protocol/words'
import { parseArgs } from 'node:util'
import type { Flags } from '../config/load.ts'
import { ASKING, readAsked, type Asked, type Reach } from './tune-arguments.ts'

export const HELP = `warder-server COMMAND [OPTIONS]   the central process of Warder

commands
  run           takes what agents report, serves the dashboard and the API
  status        tells where the dashboard is, the claim code of a new server, and the key's fingerprint
  join-code     prints a join text for a new node; works beside a running server
  claim-code    prints the claim code of a running server that has no operator yet
  accounts      lists who may sign in: name, role, state, how
  invite        prints a link with which somebody chooses a password; with --role it makes the account
  new-password  gives somebody a new password, prints it once, and ends their sessions
  remove-totp   takes the second factor away from somebody who lost it
  backup [F]    copies history and keys below the folder F, also while the server runs, and reads
                the copy again (default: backups in the data folder)
  verify F      reads a backup, or a data folder, through and says whether it is whole
  restore F     puts a backup in place while the server is stopped; what was there is kept beside;
                --empty in place of F begins an empty history
  set-port N    writes the port into the settings; without N the first free one from 8008 on
  check-port    fails and names the program when another one has the port

commands that ask a running server, with a token in WARDER_TOKEN or --token-file FILE
  tune JAIL     changes a jail: --maxretry N, --findtime 10m, --bantime 1h, --enabled yes|no,
                --policy P; "inherit" takes a value back. On all nodes, or --node N, or --group G.
                --preview only says whom it would have banned; --confirm-within 60s lets a node
                go back by itself if it cannot reach the server afterwards; --reason TEXT
  history       lists the revisions of the settings (--limit N)
  rollback N    goes back to revision N (--confirm-within, --reason)
  groups        lists groups of nodes, the weakest first
  group NAME    makes a group or changes it: --nodes A,B; or --remove

options
  --config FILE      settings (/etc/warder/server.toml)
  --port N           where to listen (8008)
  --host ADDRESS     on which address (all of this machine's)
  --data-dir FOLDER  where history and keys are kept (/var/lib/warder-server)
  --minutes N        join-code: how long it can be used (15)
  --operator NAME    invite, new-password, remove-totp: whose
  --role ROLE        invite: makes the account as viewer, operator or admin
  --server URL       the server to ask (that of this machine)
  --token-file FILE  a token with the scopes read and tune
  --help             this text
`

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string }
  | {
      readonly kind: 'run' | 'status' | 'claim-code' | 'accounts' | 'check-port'
      readonly flags: Flags
    }
  /** `folder`: null where none is named; for `restore` that means an empty history. */
  | { readonly kind: 'backup' | 'restore'; readonly flags: Flags; readonly folder: string | null }
  | { readonly kind: 'verify'; readonly flags: Flags; readonly folder: string }
  | { readonly kind: 'set-port'; readonly flags: Flags; readonly wanted: number | null }
  | { readonly kind: 'join-code'; readonly flags: Flags; readonly minutes: number }
  | { readonly kind: 'new-password' | 'remove-totp'; readonly flags: Flags; readonly operator: string }
  | { readonly kind: 'ask'; readonly flags: Flags; readonly asked: Asked; readonly reach: Reach }
  | { readonly kind: 'invite'; readonly flags: Flags; readonly operator: string; readonly role: Role | null }

const OPTIONS = {
  config: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'data-dir': { type: 'string' },
  minutes: { type: 'string' },
  operator: { type: 'string' },
  role: { type: 'string' },
  empty: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Commands that take a word of their own. */
const WITH_WORD: readonly string[] = ['set-port', 'backup', 'verify', 'restore']

/** Most minutes for which a join code may be good: a day. */
const MINUTES_LIMIT = 1_440

function readMinutes(text: string | undefined): number | null {
  if (text === undefined) return 15
  const minutes = /^\d{1,4}$/.test(text) ? Number(text) : 0
  return minutes >= 1 && minutes <= MINUTES_LIMIT ? minutes : null
}

const readPort = (text: string): number | undefined =>
  /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined

/** Arguments → what to do. */
export function readCommand(args: readonly string[]): Command {
  if (ASKING.some((verb) => verb === args[0]) && !args.includes('--help') && !args.includes('-h')) {
    const read = readAsked(args)
    if (!read.ok) return { kind: 'wrong', problem: read.problem }
    return { kind: 'ask', flags: read.flags, asked: read.asked, reach: read.reach }
  }
  let parsed
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (err) {
    return { kind: 'wrong', problem: err instanceof Error ? err.message : String(err) }
  }
  const { values, positionals } = parsed
  const [verb, ...more] = positionals
  if (values.help || (verb === undefined && args.length === 0)) return { kind: 'help' }
  if (more.length > (WITH_WORD.includes(verb ?? '') ? 1 : 0))
    return { kind: 'wrong', problem: `"${more.join(' ')}" is too much: one command at a time.` }
  const flags = { config: values.config, port: values.port, host: values.host, dataDir: values['data-dir'] }
  switch (verb) {
    case 'run':
    case 'status':
    case 'claim-code':
    case 'accounts':
    case 'check-port':
      return { kind: verb, flags }
    case 'join-code': {
      const minutes = readMinutes(values.minutes)
      if (minutes === null)
        return { kind: 'wrong', problem: `--minutes takes a number from 1 to ${MINUTES_LIMIT}.` }
      return { kind: verb, flags, minutes }
    }
    case 'backup':
      return { kind: verb, flags, folder: more[0] ?? null }
    case 'verify':
      return more[0] === undefined
        ? { kind: 'wrong', problem: 'verify needs the folder of a backup, or a data folder.' }
        : { kind: verb, flags, folder: more[0] }
    case 'restore':
      return (more[0] === undefined) === (values.empty === true)
        ? { kind: verb, flags, folder: more[0] ?? null }
        : { kind: 'wrong', problem: 'restore needs the folder of a backup, or --empty.' }
    case 'set-port': {
      const wanted = more[0] === undefined ? null : readPort(more[0])
      if (wanted === undefined)
        return { kind: 'wrong', problem: 'set-port takes a number from 1 to 65535, or nothing.' }
      return { kind: verb, flags, wanted }
    }
    case 'new-password':
    case 'remove-totp':
    case 'invite': {
      const { operator, role } = values
      if (operator === undefined) return { kind: 'wrong', problem: `${verb} needs --operator NAME.` }
      if (verb !== 'invite') return { kind: verb, flags, operator }
      const wanted = ROLES.find((known) => known === role) ?? null
      if (role !== undefined && wanted === null)
        return { kind: 'wrong', problem: `--role takes ${ROLES.join(', ')}.` }
      return { kind: verb, flags, operator, role: wanted }
    }
    default:
      return {
        kind: 'wrong',
        problem: verb === undefined ? 'A command is missing.' : `There is no command "${verb}".`,
      }
  }
}

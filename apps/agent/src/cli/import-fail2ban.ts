import { resolve } from 'node:path'
import { parseDuration } from '@warder/core'
import { systemClock } from '@warder/daemon'
import { CONFIG_FILE, loadAgentConfig } from '../config/load.ts'
import { DatabaseError } from '../fail2ban/database.ts'
import { readInstallation } from '../fail2ban/installation.ts'
import { readBans } from '../fail2ban/read-bans.ts'
import { explain } from './asking.ts'
import { EXIT, isOn, printJson, textOf, type Call, type Command, type Exit } from './command.ts'
import { canAsk, confirm } from './confirm.ts'
import { showBansFound, showJails, summaryOf, type Found } from './import-report.ts'
import { shadow } from './shadow.ts'
import { takeOver } from './take-over.ts'

/** `warder import-fail2ban` */
export const importFail2ban: Command = {
  name: 'import-fail2ban',
  form: '[--dry-run | --shadow] [--stop] [--yes]',
  summary: 'Take over the jails and the bans of fail2ban, then end it; or run beside it and compare',
  options: {
    'dry-run': { type: 'boolean' },
    shadow: { type: 'boolean' },
    for: { type: 'string' },
    tolerance: { type: 'string' },
    database: { type: 'string' },
    agent: { type: 'string' },
    stop: { type: 'boolean' },
    yes: { type: 'boolean' },
  },
  explain: {
    'dry-run': 'only show what would be taken over',
    shadow: 'ban nobody, and tell where the decisions of Warder and of fail2ban differ',
    for: 'with --shadow: how long, e.g. 1h; without it until Ctrl-C',
    tolerance: 'with --shadow: how far apart the same decision may be (default 15s)',
    database: 'the database of fail2ban (default: as its configuration says); none: leave its bans behind',
    agent: `the file of settings of Warder's agent (default ${CONFIG_FILE})`,
    stop: 'stop and disable fail2ban once the bans are in force here',
    yes: 'ask nothing',
    config: 'the folder of fail2ban (default /etc/fail2ban)',
  },
  examples: [
    'warder import-fail2ban --dry-run',
    'warder import-fail2ban --shadow --for 1h',
    'warder import-fail2ban --stop --yes',
  ],
  words: [0, 0],
  async run(call) {
    const wrong = wrongUsage(call)
    if (wrong !== null) {
      call.complain(`${wrong}\n`)
      return EXIT.usage
    }
    try {
      const found = await find(call)
      if (isOn(call, 'shadow')) return await shadow(call, found)
      return await importFound(call, found)
    } catch (err) {
      if (!(err instanceof DatabaseError)) return explain(call, err)
      tell(call, err)
      return EXIT.failed
    }
  },
}

function wrongUsage(call: Call): string | null {
  for (const option of ['for', 'tolerance']) {
    const text = textOf(call, option)
    if (text === undefined) continue
    if (!isOn(call, 'shadow')) return `--${option} goes with --shadow.`
    const length = parseDuration(text)
    if (length === null || length <= 0)
      return `--${option} ${text}: not a duration. Write it like 15s, 10m or 1h.`
  }
  if (isOn(call, 'shadow') && (isOn(call, 'stop') || isOn(call, 'dry-run')))
    return '--shadow changes nothing, so it goes with neither --stop nor --dry-run.'
  return null
}

const tell = (call: Call, { message, remedy }: DatabaseError): void =>
  call.complain(`${message}\n${remedy}\n`)

/** Reads the configuration and the database of fail2ban. What is wrong with the database does not hide the jails. */
async function find(call: Call): Promise<Found> {
  // The agent's file names it for a program that may run elsewhere.
  const folder = resolve(textOf(call, 'config') ?? '/etc/fail2ban')
  const installation = await readInstallation(folder)
  const database = textOf(call, 'database') ?? installation.database
  const none = { folder, installation, database: null, bans: null, trouble: null }
  if (database === null || database === 'none') return none
  try {
    const bans = readBans(database, installation, systemClock.now())
    return { folder, installation, database, bans, trouble: null }
  } catch (err) {
    if (!(err instanceof DatabaseError)) throw err
    return { ...none, database, trouble: err }
  }
}

/** Shows what there is, asks, and takes it over. */
async function importFound(call: Call, found: Found): Promise<Exit> {
  const { folder, installation, database, bans, trouble } = found
  const isJson = isOn(call, 'json')
  const isDryRun = isOn(call, 'dry-run')
  for (const problem of installation.problems) call.complain(`${problem}\n`)
  if (!isJson) {
    call.print(showJails(installation.jails, bans))
    call.print('\n')
    if (database === null) call.print('No database is read, so no bans are taken over.\n')
    else if (bans !== null) call.print(showBansFound(database, bans))
  }
  if (installation.jails.length === 0) {
    call.complain(
      `${folder} enables no jail, so there is nothing to take over.\nName another folder with --config.\n`,
    )
    return EXIT.failed
  }
  if (trouble !== null) tell(call, trouble)
  if (isDryRun || trouble !== null) {
    const ok = trouble === null
    if (isJson) printJson(call, { ok, dryRun: isDryRun, ...summaryOf(found) })
    return ok ? EXIT.ok : EXIT.failed
  }
  if (!isOn(call, 'yes')) {
    if (!canAsk()) {
      call.complain('Nothing was changed. Say --yes to take this over, or --dry-run to only look.\n')
      return EXIT.usage
    }
    if (!(await confirm('Run these jails with Warder, and take over the bans?'))) {
      call.print('Nothing was changed.\n')
      return EXIT.ok
    }
  }
  const file = textOf(call, 'agent') ?? CONFIG_FILE
  const config = await loadAgentConfig(textOf(call, 'agent'))
  return takeOver(call, found, { file, config, socket: textOf(call, 'socket') ?? config.socket })
}

import { readFile, stat } from 'node:fs/promises'
import { setKey, systemClock, writeAtomically } from '@warder/daemon'
import type { NodeStatus } from '@warder/protocol'
import type { AgentConfig } from '../config/schema.ts'
import { DatabaseError } from '../fail2ban/database.ts'
import { isFail2banRunning, stopFail2ban } from '../fail2ban/end-fail2ban.ts'
import { asked } from './asking.ts'
import { EXIT, isOn, printJson, type Call, type Exit } from './command.ts'
import { canAsk, confirm } from './confirm.ts'
import { count, summaryOf, type Found } from './import-report.ts'
import { BanTaking, showTaken } from './take-bans.ts'

/** The agent that takes over. */
export interface Target {
  readonly file: string
  readonly config: AgentConfig
  readonly socket: string
}

const MANUALLY = 'systemctl disable --now fail2ban'

/**
 * Takes fail2ban over, in the order in which protection never drops: the settings, the jails, the bans, and only then the end
 * of fail2ban. To do it again changes nothing.
 */
export async function takeOver(call: Call, found: Found, target: Target): Promise<Exit> {
  // Before anything is written: without an agent that runs there is nobody who takes over.
  await asked(target.socket, { verb: 'status' })
  const written = await writeConfig(found.folder, target)
  const { problems = [] } = await asked(target.socket, { verb: 'reload' })
  const report = await reportOf(target)
  const waiting = found.installation.jails.filter(({ name }) => !runs(report, name)).map(({ name }) => name)
  // Read anew now that the jails run: what fail2ban banned since it was looked at, Warder has not seen the failures of.
  const taking = new BanTaking(target.socket, found)
  await taking.take()
  const after = await reportOf(target)
  const isJson = isOn(call, 'json')
  for (const problem of problems) call.complain(`${problem}\n`)
  if (!isJson) {
    call.print(written ? `${target.file}: fail2ban_config = ${JSON.stringify(found.folder)}\n` : '')
    if (found.bans !== null) call.print(showTaken(taking.taken))
    for (const name of waiting) call.complain(`Jail ${name} does not run here${reasonOf(after, name)}\n`)
    if (!found.installation.jails.some(({ name }) => after.jails.some((jail) => jail.name === name)))
      call.complain(
        'The agent knows none of the jails: restart the agent, then do this again: systemctl restart warder-agent\n',
      )
  }
  const service = await endFail2ban(call, obstacleTo(after, waiting), taking)
  const isDone = waiting.length === 0 && service !== 'failed'
  if (isJson) printJson(call, { ok: isDone, ...summaryOf(found), waiting, taken: taking.taken, service })
  return isDone ? EXIT.ok : EXIT.failed
}

async function reportOf({ socket }: Target): Promise<NodeStatus> {
  const { status } = await asked(socket, { verb: 'status' })
  if (!status) throw new Error('the agent tells no status')
  return status.report
}

/** Names the folder in agent.toml, where it is not named yet → whether that was so. All else in the file stays. */
async function writeConfig(folder: string, { file, config }: Target): Promise<boolean> {
  if (config.fail2ban_config === folder) return false
  const before = await readFile(file, 'utf8').catch(() => '')
  const mode = (await stat(file).catch(() => null))?.mode ?? 0o640
  const key = `fail2ban_config = ${JSON.stringify(folder)}`
  try {
    await writeAtomically(file, setKey(before, 'fail2ban_config', folder), mode & 0o777)
  } catch (err) {
    const told = err instanceof Error ? err.message : String(err)
    throw new Error(
      `${file} cannot be written: ${told}\nAdd this line yourself, then do this again: ${key}`,
      {
        cause: err,
      },
    )
  }
  return true
}

/** A jail whose log is not there yet runs too: it waits for it. */
const runs = ({ jails }: NodeStatus, name: string): boolean =>
  jails.some((jail) => jail.name === name && jail.state !== 'failed' && jail.effective.enabled)

function reasonOf({ jails }: NodeStatus, name: string): string {
  const found = jails.find((jail) => jail.name === name)
  if (found?.reason !== undefined) return `: ${found.reason}`
  return found?.effective.enabled === false ? ': it is off, by a file of Warder or in the dashboard' : '.'
}

/** Why fail2ban has to go on; null: it need not. */
function obstacleTo({ firewall }: NodeStatus, waiting: readonly string[]): string | null {
  if (!firewall.enforcing) return `Warder's firewall enforces nothing: ${firewall.reason}`
  return waiting.length > 0 ? `not all of its jails run here: ${waiting.join(', ')}` : null
}

type Ended = 'stopped' | 'goes on' | 'not running' | 'failed'

/** Ends fail2ban where that was asked for and nothing is lost by it. */
async function endFail2ban(call: Call, obstacle: string | null, taking: BanTaking): Promise<Ended> {
  const running = await isFail2banRunning(systemClock)
  const isAsked = isOn(call, 'stop')
  const say = (text: string): void =>
    isOn(call, 'json') ? call.complain(`${text}\n`) : call.print(`${text}\n`)
  if (running === false && !isAsked) return 'not running'
  if (obstacle !== null) {
    say(`fail2ban goes on, since ${obstacle}`)
    return isAsked ? 'failed' : 'goes on'
  }
  const isWanted =
    isAsked || (!isOn(call, 'yes') && canAsk() && (await confirm('Stop fail2ban and disable it?')))
  if (!isWanted) {
    say(`fail2ban goes on beside Warder. End it with: ${MANUALLY}`)
    return 'goes on'
  }
  let more = await taking.take()
  const failed = await stopFail2ban(systemClock)
  try {
    more += await taking.take()
  } catch (err) {
    if (!(err instanceof DatabaseError)) throw err
    call.complain(`The last bans of fail2ban may be missing here: ${err.message}\n`)
  }
  if (more > 0) say(`${count(more, 'more ban')} taken over, made in the meantime.`)
  say(
    failed === null
      ? 'fail2ban is stopped and disabled.'
      : `fail2ban was not stopped: ${failed}\nDo it with: ${MANUALLY}`,
  )
  return failed === null ? 'stopped' : 'failed'
}

import { readFile, stat } from 'node:fs/promises'
import { setKey, systemClock, writeAtomically } from '@warder/daemon'
import type { NodeStatus } from '@warder/protocol'
import {
  BANS_PER_REQUEST,
  type ControlAnswer,
  type ControlRequest,
  type ForeignBan,
} from '@warder/protocol/control'
import type { AgentConfig } from '../config/schema.ts'
import { ask } from '../control/ask.ts'
import { isFail2banRunning, stopFail2ban } from '../fail2ban/end-fail2ban.ts'
import { EXIT, isOn, printJson, type Call, type Exit } from './command.ts'
import { canAsk, confirm } from './confirm.ts'
import { showTaken, summaryOf, type Found, type Taken } from './import-report.ts'

/** The agent that takes over. */
export interface Target {
  readonly file: string
  readonly config: AgentConfig
  readonly socket: string
}

type Success = Extract<ControlAnswer, { ok: true }>
const BY = 'import-fail2ban'
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
  const taken = await takeBans(target, found)
  const after = await reportOf(target)
  const isJson = isOn(call, 'json')
  for (const problem of problems) call.complain(`${problem}\n`)
  if (!isJson) {
    call.print(written ? `${target.file}: fail2ban_config = ${JSON.stringify(found.folder)}\n` : '')
    if (found.bans !== null) call.print(showTaken(taken))
    for (const name of waiting) call.complain(`Jail ${name} does not run here${reasonOf(after, name)}\n`)
    if (waiting.length === found.installation.jails.length)
      call.complain(
        'None of the jails runs: restart the agent, then do this again: systemctl restart warder-agent\n',
      )
  }
  const service = await endFail2ban(call, obstacleTo(after, waiting))
  const isDone = waiting.length === 0 && service !== 'failed'
  if (isJson) printJson(call, { ok: isDone, ...summaryOf(found), waiting, taken, service })
  return isDone ? EXIT.ok : EXIT.failed
}

async function asked(socket: string, request: ControlRequest): Promise<Success> {
  const answer = await ask(socket, request)
  if (answer.ok) return answer
  throw new Error(`${answer.message}\n${answer.remedy}`)
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
  return found?.reason === undefined ? '.' : `: ${found.reason}`
}

async function takeBans({ socket }: Target, { bans }: Found): Promise<Taken> {
  const all = { changed: 0, known: 0, refused: [] as { jail: string; ip: string; reason: string }[] }
  if (bans === null) return all
  const give = async (active: readonly ForeignBan[], past: readonly ForeignBan[]): Promise<void> => {
    const done = await asked(socket, { verb: 'take-over', by: BY, bans: [...active], past: [...past] })
    all.changed += done.changed ?? 0
    all.known += done.known ?? 0
    all.refused.push(...(done.refused ?? []).map((each) => ({ jail: '', ...each })))
  }
  for (const some of inParts(bans.active)) await give(some, [])
  // What leads to nothing by itself comes last.
  for (const some of inParts(bans.over)) await give([], some)
  return all
}

function* inParts(bans: readonly ForeignBan[]): Generator<readonly ForeignBan[]> {
  for (let at = 0; at < bans.length; at += BANS_PER_REQUEST) yield bans.slice(at, at + BANS_PER_REQUEST)
}

/** Why fail2ban has to go on; null: it need not. */
function obstacleTo({ firewall }: NodeStatus, waiting: readonly string[]): string | null {
  if (!firewall.enforcing) return `Warder's firewall enforces nothing: ${firewall.reason}`
  return waiting.length > 0 ? `not all of its jails run here: ${waiting.join(', ')}` : null
}

type Ended = 'stopped' | 'goes on' | 'not running' | 'failed'

/** Ends fail2ban where that was asked for and nothing is lost by it. */
async function endFail2ban(call: Call, obstacle: string | null): Promise<Ended> {
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
  const failed = await stopFail2ban(systemClock)
  say(
    failed === null
      ? 'fail2ban is stopped and disabled.'
      : `fail2ban was not stopped: ${failed}\nDo it with: ${MANUALLY}`,
  )
  return failed === null ? 'stopped' : 'failed'
}

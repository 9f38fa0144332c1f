import { formatProblem, readConfiguration } from '@warder/conf'
import {
  compileJail,
  FOREVER,
  formatDuration,
  NEVER_NOBODY,
  type CompiledJail,
  type JailDefinition,
  type LogLine,
} from '@warder/core'
import { systemClock } from '@warder/daemon'
import { readLayers } from '../replay/layers.ts'
import { kindOf, linesOf } from '../replay/lines.ts'
import { Replay, type Outcome } from '../replay/replay.ts'
import { tooSlowOn, WithinTime } from '../replay/within-time.ts'
import { localZone } from '../replay/zone.ts'
import { placeOf } from '../settings/decide.ts'
import { explain } from './asking.ts'
import { EXIT, isOn, textOf, type Call, type Command, type Exit } from './command.ts'
import { printable } from './show.ts'

/** `warder replay --log FILE` */
export const replay: Command = {
  name: 'replay',
  form: '--log FILE [--jail JAIL]',
  summary: 'Run a log through the jails on its own clock and tell each ban and unban; the agent need not run',
  options: { log: { type: 'string' }, jail: { type: 'string' } },
  explain: {
    log: 'the log (- for standard input); every jail that is enabled reads it, whatever its logpath',
    jail: 'this jail only, enabled or not',
    config: 'a folder with jails and filters, or an agent.toml (default /etc/warder/agent.toml)',
    json: 'print one object for each ban and unban',
  },
  examples: [
    'warder replay --log /var/log/auth.log --jail sshd',
    'warder replay --config /etc/fail2ban --log ./access.log --json',
  ],
  words: [0, 0],
  async run(call) {
    const log = textOf(call, 'log')
    if (log === undefined) {
      call.complain('Which log? Give it with --log FILE.\n')
      return EXIT.usage
    }
    try {
      const jails = await jailsOf(call)
      const wanted = textOf(call, 'jail')
      if (!jails.some(({ definition }) => wanted === undefined || definition.name === wanted)) {
        const none = wanted === undefined ? 'No jail is enabled.' : `There is no jail ${wanted} that can run.`
        call.complain(`${none}\n`)
        return EXIT.failed
      }
      if ((await kindOf(log)) !== 'log') {
        call.complain(`${log} is no file that can be read.\n`)
        return EXIT.failed
      }
      return await play(call, log, jails)
    } catch (err) {
      return explain(call, err)
    }
  },
}

/** The jails that are to be tried: the one that is named, else those that are enabled. What is wrong with them is told. */
async function jailsOf(call: Call): Promise<readonly CompiledJail[]> {
  const { layers, problems } = await readLayers(textOf(call, 'config'))
  const wanted = textOf(call, 'jail')
  const configuration = readConfiguration(layers)
  const told = configuration.problems.filter(
    ({ jail }) => wanted === undefined || (jail ?? wanted) === wanted,
  )
  for (const problem of [...problems, ...told.map(formatProblem)]) call.complain(`${problem}\n`)
  // A jail that counts bans has nothing to count without those that make them.
  const countsBans = configuration.jails.some(({ name, backend }) => name === wanted && backend === 'bans')
  const isPlayed = ({ name, settings }: JailDefinition): boolean =>
    wanted === undefined ? settings.enabled : name === wanted || (countsBans && settings.enabled)
  return configuration.jails.filter(isPlayed).flatMap((definition): readonly CompiledJail[] => {
    const compiled = compileJail({ ...definition, settings: { ...definition.settings, enabled: true } })
    if (compiled.ok) return [compiled.jail]
    const { name } = definition
    for (const message of compiled.problems)
      call.complain(
        `${formatProblem({ severity: 'error', ...placeOf(configuration, name, message), jail: name, message })}\n`,
      )
    return []
  })
}

async function play(call: Call, log: string, jails: readonly CompiledJail[]): Promise<Exit> {
  const now = systemClock.now()
  const running = new Replay({ jails, never: NEVER_NOBODY, zone: localZone, now })
  const timed = new WithinTime((line: LogLine) => running.find(line))
  const wanted = textOf(call, 'jail')
  let number = 0
  for await (const lines of linesOf(log, now)) {
    let out = ''
    for (const [i, found] of timed.run(lines).entries()) {
      number += 1
      if (found.done)
        for (const each of running.follow(found.result))
          out += each.jail === (wanted ?? each.jail) ? shown(call, each) : ''
      else complainOf(call, { number, text: lines[i]?.text ?? '', jails })
    }
    if (out !== '') call.print(out)
    if (!timed.isHopeless) continue
    call.complain('error: that was the case with too many lines, so the rest is not read\n')
    return EXIT.failed
  }
  return EXIT.ok
}

function complainOf(
  call: Call,
  late: { number: number; text: string; jails: readonly CompiledJail[] },
): void {
  const guilty = late.jails.flatMap(({ definition, filter }) => {
    const slow = tooSlowOn(filter, definition.filter, late.text)
    return slow.length === 0 ? [] : [`jail ${definition.name}: ${slow.join(', ')}`]
  })
  const who = guilty.length > 0 ? guilty.join('; ') : 'a datepattern, or lines that are read together'
  call.complain(`error: line ${late.number} took too long and is left out: ${printable(who)}\n`)
}

function shown(call: Call, { at, jail, ip, action, failures, bantime }: Outcome): string {
  if (isOn(call, 'json'))
    return `${JSON.stringify({ time: at / 1_000, jail, ip, action, failures, bantime })}\n`
  const length = bantime === FOREVER ? 'for ever' : `for ${formatDuration(bantime)}`
  const why = action === 'ban' ? ` ${length}, ${failures} ${failures === 1 ? 'failure' : 'failures'}` : ''
  return `${new Date(at).toISOString()}  ${jail}  ${action} ${ip}${why}\n`
}

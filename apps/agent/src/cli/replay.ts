import { formatProblem, readConfiguration } from '@warder/conf'
import { compileJail, FOREVER, formatDuration, type CompiledJail } from '@warder/core'
import { systemClock } from '@warder/daemon'
import { readLayers } from '../replay/layers.ts'
import { isLog, linesOf } from '../replay/lines.ts'
import { Replay, type Outcome } from '../replay/replay.ts'
import { localZone } from '../replay/zone.ts'
import { explain } from './asking.ts'
import { EXIT, isOn, printJson, textOf, type Call, type Command } from './command.ts'

/** `warder replay --log FILE` */
export const replay: Command = {
  name: 'replay',
  form: '--log FILE [--jail JAIL]',
  summary: 'Run a log through the jails on its own clock and tell each ban and unban; the agent need not run',
  options: { log: { type: 'string' }, jail: { type: 'string' } },
  explain: {
    log: 'the log; every jail that is enabled reads it',
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
      const { layers, problems, banPrivate } = await readLayers(textOf(call, 'config'))
      const configuration = readConfiguration(layers)
      for (const problem of [...problems, ...configuration.problems.map(formatProblem)])
        call.complain(`${problem}\n`)
      const wanted = textOf(call, 'jail')
      const jails = configuration.jails
        .filter(({ name, settings }) => (wanted === undefined ? settings.enabled : name === wanted))
        .flatMap((definition): readonly CompiledJail[] => {
          const compiled = compileJail({ ...definition, settings: { ...definition.settings, enabled: true } })
          if (compiled.ok) return [compiled.jail]
          for (const problem of compiled.problems)
            call.complain(`error: jail ${definition.name}: ${problem}\n`)
          return []
        })
      if (jails.length === 0) {
        call.complain(
          wanted === undefined ? 'No jail is enabled.\n' : `There is no jail ${wanted} that can run.\n`,
        )
        return EXIT.failed
      }
      if (!(await isLog(log))) {
        call.complain(`${log} is no file that can be read.\n`)
        return EXIT.failed
      }
      const never = { own: [], privateNetworks: !banPrivate, ignoreip: [] }
      const running = new Replay({ jails, never, zone: localZone, now: systemClock.now() }, log)
      for await (const lines of linesOf(log))
        for (const line of lines) for (const outcome of running.take(line)) tell(call, outcome)
      return EXIT.ok
    } catch (err) {
      return explain(call, err)
    }
  },
}

function tell(call: Call, { at, jail, ip, action, failures, bantime }: Outcome): void {
  if (isOn(call, 'json')) return printJson(call, { time: at / 1_000, jail, ip, action, failures, bantime })
  const length = bantime === FOREVER ? 'for ever' : `for ${formatDuration(bantime)}`
  const why = action === 'ban' ? ` ${length}, ${failures} ${failures === 1 ? 'failure' : 'failures'}` : ''
  call.print(`${new Date(at).toISOString()}  ${jail}  ${action} ${ip}${why}\n`)
}

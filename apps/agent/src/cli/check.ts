import { makeLogger, systemClock } from '@warder/daemon'
import { loadAgentConfig, readTrust } from '../config/load.ts'
import { chooseFirewall } from '../firewall/choose.ts'
import { Settings } from '../settings/settings.ts'
import { machineSources } from '../source/machine.ts'
import { explain } from './asking.ts'
import { EXIT, isOn, printJson, textOf, type Command } from './command.ts'

/** `warder check` */
export const check: Command = {
  name: 'check',
  form: '',
  summary: 'Do what a start does, short of acting, and print every problem with its file and line',
  options: {},
  explain: {},
  examples: ['warder check', 'warder check --config ./agent.toml --json'],
  words: [0, 0],
  async run(call) {
    try {
      const config = await loadAgentConfig(textOf(call, 'config'))
      await readTrust(config)
      const log = makeLogger({ name: 'warder', level: 'silent', form: 'json' })
      const firewall = await chooseFirewall({
        wanted: config.firewall,
        guests: config.protect_guests,
        clock: systemClock,
        log,
      })
      const sources = machineSources(systemClock)
      const settings = new Settings({
        config,
        clock: systemClock,
        sources,
        lastGood: [],
        wanted: { revision: 0, jails: {} },
      })
      const { jails, problems } = await settings.load()
      const running = jails.filter((jail) => jail.state === 'running')
      const idle = jails.filter(({ state, reason }) => state === 'disabled' && reason !== undefined)
      const ok = !problems.some((problem) => problem.startsWith('error:'))
      if (isOn(call, 'json')) {
        printJson(call, { ok, problems, firewall: firewall.report(), jails: running.map(({ name }) => name) })
      } else {
        for (const problem of problems) call.complain(`${problem}\n`)
        call.print(`Jails that would run: ${running.map(({ name }) => name).join(', ') || 'none'}\n`)
        for (const { name, reason } of idle) call.print(`Jail ${name} waits: ${reason}\n`)
        call.print(`Firewall: ${firewall.report().backend}, ${firewall.report().reason}\n`)
        call.print(ok ? 'No errors.\n' : 'There are errors.\n')
      }
      return ok ? EXIT.ok : EXIT.failed
    } catch (err) {
      return explain(call, err)
    }
  },
}

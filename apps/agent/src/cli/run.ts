import { endSignal, LogRing, makeLogger, systemClock, tellSystemd } from '@warder/daemon'
import { LOG_LIMIT } from '@warder/protocol'
import { makeAgent } from '../agent.ts'
import { loadAgentConfig } from '../config/load.ts'
import { explain } from './asking.ts'
import { EXIT, textOf, type Command, type Exit } from './command.ts'

const STOP_LIMIT_MS = 2_000

/** `warder run` */
export const run: Command = {
  name: 'run',
  form: '',
  summary: 'Run the agent in the foreground, as the service does',
  options: {},
  explain: {},
  examples: ['warder run', 'warder run --config ./agent.toml'],
  words: [0, 0],
  async run(call) {
    try {
      const config = await loadAgentConfig(textOf(call, 'config'))
      const socket = textOf(call, 'socket') ?? config.socket
      const form = config.log.form === 'auto' ? (call.isTerminal ? 'text' : 'json') : config.log.form
      const logged = new LogRing(LOG_LIMIT)
      const log = makeLogger({ name: 'warder', level: config.log.level, form, kept: logged })
      const fail2banConfig = async () => (await loadAgentConfig(textOf(call, 'config'))).fail2ban_config
      const agent = makeAgent({
        config: { ...config, socket },
        clock: systemClock,
        log,
        logged,
        fail2banConfig,
      })
      const ending = endSignal()
      await agent.start()
      log.info({ firewall: agent.status().firewall.reason }, 'the agent is watching')
      using told = tellSystemd({ environment: call.environment, clock: systemClock })
      told.ready()
      const signal = await ending
      log.info({ signal }, 'the agent stops')
      return await stopped(agent[Symbol.asyncDispose]())
    } catch (err) {
      return explain(call, err)
    }
  },
}

/** What hangs is left behind: everything that matters is on disk already. */
async function stopped(stopping: Promise<void>): Promise<Exit> {
  const late = Promise.withResolvers<Exit>()
  using _ = systemClock.after(STOP_LIMIT_MS, () => late.resolve(EXIT.failed))
  return Promise.race([stopping.then(() => EXIT.ok), late.promise])
}

import { systemClock, makeLogger } from '@warder/daemon'
import { loadAgentConfig } from '../config/load.ts'
import { ask, NotRunning } from '../control/ask.ts'
import { chooseFirewall } from '../firewall/choose.ts'
import { Hardener } from '../hardening/hardener.ts'
import { placesHere } from '../hardening/places-here.ts'
import { explain } from './asking.ts'
import { EXIT, isOn, printJson, textOf, type Command } from './command.ts'
import { sayOutcome } from './harden.ts'

const BACKENDS = ['nftables', 'ipset'] as const

/** `warder withdraw` */
export const withdraw: Command = {
  name: 'withdraw',
  form: '',
  summary:
    'Take all that is ours out of the firewall and put changed settings back, with the agent stopped; its next start puts bans back',
  options: {},
  explain: {},
  examples: ['systemctl stop warder-agent && warder withdraw'],
  words: [0, 0],
  async run(call) {
    try {
      const config = await loadAgentConfig(textOf(call, 'config'))
      if (await isRunning(textOf(call, 'socket') ?? config.socket)) {
        call.complain(
          'The agent is running and would put everything back: stop it first (systemctl stop warder-agent).\n' +
            'To let everybody in while it runs: warder panic, or warder unban --all.\n',
        )
        return EXIT.failed
      }
      const cleared = await clear()
      const restored = await new Hardener(placesHere(config, systemClock), systemClock).restoreAll()
      const isWhole = restored.every(({ outcome }) => outcome.ok)
      if (isOn(call, 'json')) printJson(call, { ok: isWhole, cleared, restored })
      else if (cleared.length === 0) call.print('There is no firewall here that could hold a ban.\n')
      else call.print(`Nothing of ours is left in ${cleared.join(' and ')}.\n`)
      if (!isOn(call, 'json')) for (const { id, outcome } of restored) sayOutcome(call, id, outcome)
      return isWhole ? EXIT.ok : EXIT.failed
    } catch (err) {
      return explain(call, err)
    }
  },
}

async function isRunning(socket: string): Promise<boolean> {
  try {
    await ask(socket, { verb: 'status' })
    return true
  } catch (err) {
    if (err instanceof NotRunning) return false
    throw err
  }
}

/** Every backend is asked, whichever was used last: another one may have been before. Answers which there are. */
async function clear(): Promise<readonly string[]> {
  const cleared: string[] = []
  for (const wanted of BACKENDS) {
    const log = makeLogger({ name: 'warder', level: 'silent', form: 'text' })
    // One that does not work here cannot hold anything of ours.
    const firewall = await chooseFirewall({ wanted, guests: true, clock: systemClock, log }).catch(() => null)
    if (firewall === null) continue
    await using _ = firewall
    await firewall.remove()
    cleared.push(wanted)
  }
  return cleared
}

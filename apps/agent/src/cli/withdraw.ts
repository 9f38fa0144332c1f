import { systemClock, makeLogger } from '@warder/daemon'
import { loadAgentConfig } from '../config/load.ts'
import { ask, NotRunning } from '../control/ask.ts'
import { chooseFirewall } from '../firewall/choose.ts'
import { explain } from './asking.ts'
import { EXIT, isOn, printJson, textOf, type Command } from './command.ts'

const BACKENDS = ['nftables', 'ipset'] as const

/** `warder withdraw` */
export const withdraw: Command = {
  name: 'withdraw',
  form: '',
  summary: 'Take all that is ours out of the firewall, with the agent stopped; its next start puts bans back',
  options: {},
  explain: {},
  examples: ['systemctl stop warder-agent && warder withdraw'],
  words: [0, 0],
  async run(call) {
    try {
      const socket = textOf(call, 'socket') ?? (await loadAgentConfig(textOf(call, 'config'))).socket
      if (await isRunning(socket)) {
        call.complain(
          'The agent is running and would put everything back: stop it first (systemctl stop warder-agent).\n' +
            'To let everybody in while it runs: warder panic, or warder unban --all.\n',
        )
        return EXIT.failed
      }
      const cleared = await clear()
      if (isOn(call, 'json')) printJson(call, { ok: true, cleared })
      else if (cleared.length === 0) call.print('There is no firewall here that could hold a ban.\n')
      else call.print(`Nothing of ours is left in ${cleared.join(' and ')}.\n`)
      return EXIT.ok
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

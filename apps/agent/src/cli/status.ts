import { systemClock } from '@warder/daemon'
import { ask } from '../control/ask.ts'
import { loadAgentConfig } from '../config/load.ts'
import { asking, explain } from './asking.ts'
import { EXIT, isOn, printJson, textOf, type Call, type Command, type Exit } from './command.ts'
import { showJail, showStatus } from './show.ts'

/** `warder status [JAIL]` */
export const status: Command = {
  name: 'status',
  form: '[JAIL]',
  summary: 'Show the node with its jails, or one jail with its bans',
  options: {},
  explain: {},
  examples: ['warder status', 'warder status sshd', 'warder status --json'],
  words: [0, 1],
  run(call) {
    const [jail] = call.words
    if (jail !== undefined) return showOne(call, jail)
    return asking(call, { verb: 'status' }, ({ status: found }) => {
      if (found) call.print(showStatus(found, systemClock.now()))
    })
  },
}

async function showOne(call: Call, name: string): Promise<Exit> {
  try {
    const path = textOf(call, 'socket') ?? (await loadAgentConfig(textOf(call, 'config'))).socket
    const [found, banned] = await Promise.all([ask(path, { verb: 'status' }), ask(path, { verb: 'banned' })])
    if (!found.ok) throw new Error(found.message)
    if (!banned.ok) throw new Error(banned.message)
    const report = found.status?.report
    const jail = report?.jails.find((each) => each.name === name)
    if (!report || !jail) {
      call.complain(`there is no jail ${name} on this node\nwarder status lists the jails.\n`)
      return EXIT.failed
    }
    const bans = (banned.bans ?? []).filter((ban) => ban.jail === name)
    const sources = report.sources.filter((source) => jail.sources.includes(source.id))
    if (isOn(call, 'json')) printJson(call, { ok: true, jail, sources, bans })
    else call.print(showJail(jail, sources, bans, systemClock.now()))
    return EXIT.ok
  } catch (err) {
    return explain(call, err)
  }
}

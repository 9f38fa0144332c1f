import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setKey, systemClock, writeAtomically } from '@warder/daemon'
import { parseJoin } from '@warder/protocol'
import { CONFIG_FILE, loadAgentConfig, readTrust } from '../config/load.ts'
import type { AgentConfig } from '../config/schema.ts'
import { firstContact } from '../link/first-contact.ts'
import { clusterName, hostName } from '../settings/surroundings.ts'
import { openState } from '../state/state.ts'
import { explain } from './asking.ts'
import { EXIT, isOn, printJson, textOf, type Command } from './command.ts'

/** `warder enrol SERVER-URL JOIN` */
export const enrol: Command = {
  name: 'enrol',
  form: 'SERVER-URL JOIN',
  summary: 'Make this node known to a server; the dashboard shows the line to copy under Nodes',
  options: {},
  explain: {},
  examples: ['warder enrol https://warder.example:8008 warder-join.AbCd...'],
  words: [2, 2],
  async run(call) {
    const [server = '', join = ''] = call.words
    if (!/^(wss?|https?):\/\//.test(server) || !URL.canParse(server)) {
      call.complain(`${server}: not the URL of a server\nWrite it like https://warder.example:8008.\n`)
      return EXIT.usage
    }
    if (!parseJoin(join)) {
      call.complain(
        'That is not a join text: it begins with warder-join. and is shown by the dashboard under Nodes.\n',
      )
      return EXIT.usage
    }
    try {
      const file = textOf(call, 'config')
      const config = await loadAgentConfig(file)
      const node = await contact(config, server, join)
      await writeServer(file ?? CONFIG_FILE, server)
      if (isOn(call, 'json')) printJson(call, { ok: true, node, server })
      else call.print(`This node is ${node} on ${server}.\nNow: systemctl restart warder-agent\n`)
      return EXIT.ok
    } catch (err) {
      return explain(call, err)
    }
  },
}

/** Greets the server once → the name that it gave this node. @throws when it does not welcome us */
async function contact(config: AgentConfig, server: string, join: string): Promise<string> {
  const state = openState(config.state_dir, systemClock.now())
  try {
    const cluster = await clusterName(config, systemClock)
    const name = config.name ?? hostName()
    await firstContact({
      server,
      trust: await readTrust(config),
      identity: state.identity,
      introduction: { name, cluster, outbox: state.outbox.id(), join },
      clock: systemClock,
    })
    return state.identity.node() ?? name
  } finally {
    state.close()
  }
}

/** Writes the server into agent.toml. The join code is used up, so it does not belong there. */
async function writeServer(file: string, server: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const before = await readFile(file, 'utf8').catch(() => '')
  await writeAtomically(file, setKey(setKey(before, 'join', null), 'server', server), 0o640)
}

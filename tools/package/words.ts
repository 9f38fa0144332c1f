import { runCommand, CLIENT, COMMANDS, GENERAL, GENERAL_WORDS } from '../../apps/agent/src/cli/commands.ts'
import { HELP } from '../../apps/server/src/cli/arguments.ts'
import type { Completable } from './completion.ts'
import type { ManPage } from './man.ts'

/** What `warder ARGS` prints. */
async function printed(args: readonly string[]): Promise<string> {
  let text = ''
  await runCommand(args, {
    print: (more) => void (text += more),
    complain: (more) => void (text += more),
    environment: {},
    isTerminal: false,
  })
  return text
}

/** Every command of `warder` with its options. */
export const completables = (): readonly Completable[] => [
  ...COMMANDS.map((command) => ({
    name: command.name,
    summary: command.summary,
    options: Object.entries({ ...command.options, ...GENERAL }).map(([name, { type }]) => ({
      name,
      words: command.explain[name] ?? GENERAL_WORDS[name] ?? '',
      takesValue: type === 'string',
    })),
  })),
  { ...CLIENT, options: [] },
]

const AGENT_FILES = `/etc/warder/agent.toml        settings of the process; all have defaults
/etc/warder/jail.local        jails of this node
/etc/warder/jail.d, filter.d  further jails and filters
/var/lib/warder-agent         bans, cursors, what the server has not got yet, keys
/run/warder/agent.sock        where the agent listens for the command line`

const SERVER_FILES = `/etc/warder/server.toml   settings of the process; all have defaults
/var/lib/warder-server    history, keys, claim code
/var/log/warder/auth.log  failed logins to the dashboard, for the jail warder`

const own = (heading: string, text: string) => ({ heading, text, printed: false })
const asPrinted = (heading: string, text: string) => ({ heading, text, printed: true })

/** The pages of each package, made from what the programs say of themselves. */
export async function manPages(): Promise<Record<'warder-agent' | 'warder-server', readonly ManPage[]>> {
  const commands = await Promise.all(
    [...COMMANDS, CLIENT].map(async ({ name }) =>
      asPrinted(`warder ${name}`, await printed([name, '--help'])),
    ),
  )
  return {
    'warder-agent': [
      {
        name: 'warder',
        summary: 'command line of the Warder agent on this node',
        sections: [
          own('Synopsis', 'warder COMMAND [OPTIONS]'),
          asPrinted('Description', await printed(['--help'])),
          ...commands,
          asPrinted('Files', AGENT_FILES),
        ],
        seeAlso: ['warder-agent', 'warder-server', 'nft'],
      },
      {
        name: 'warder-agent',
        summary: 'finds failed logins on this node and bans their addresses',
        sections: [
          own('Synopsis', 'systemctl status|restart|stop warder-agent'),
          own(
            'Description',
            'The service that reads the logs of this node and holds bans in its firewall. Stopping it leaves the bans where they are, each with its end; removing the package lifts them. It runs:',
          ),
          asPrinted('warder run', await printed(['run', '--help'])),
          asPrinted('Files', AGENT_FILES),
        ],
        seeAlso: ['warder', 'warder-server'],
      },
    ],
    'warder-server': [
      {
        name: 'warder-server',
        summary: 'history, dashboard and API for Warder agents',
        sections: [
          own('Synopsis', 'warder-server COMMAND [OPTIONS]'),
          asPrinted('Description', HELP),
          asPrinted('Files', SERVER_FILES),
        ],
        seeAlso: ['warder', 'warder-agent'],
      },
    ],
  }
}

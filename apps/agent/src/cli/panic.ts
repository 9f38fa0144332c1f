import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { formatDuration, parseDuration } from '@warder/core'
import { systemClock } from '@warder/daemon'
import type { SuspensionWish } from '@warder/protocol'
import { SUSPENSION_DEFAULT_S, SUSPENSION_MOST_S } from '@warder/protocol/words'
import { loadAgentConfig } from '../config/load.ts'
import { hostName } from '../settings/surroundings.ts'
import { writeWish } from '../suspension/cluster-file.ts'
import { asking, explain } from './asking.ts'
import { EXIT, isOn, textOf, type Call, type Command, type Exit } from './command.ts'

/** `warder panic [--for DURATION] [--reason TEXT] [--cluster] | --end [--cluster]` */
export const panic: Command = {
  name: 'panic',
  form: '[--for DURATION] [--reason TEXT] [--cluster] | --end [--cluster]',
  summary: 'Let the firewall of this node block nobody for a while; detection goes on',
  options: {
    for: { type: 'string' },
    reason: { type: 'string' },
    cluster: { type: 'boolean' },
    end: { type: 'boolean' },
  },
  explain: {
    for: 'how long: 600, 10m, 1h, at most 1d; 15m without it. Then all resumes by itself',
    reason: 'why, for the history',
    cluster: 'on every node of the Proxmox cluster, by a file in /etc/pve; needs no server',
    end: 'block again now those who are still banned',
  },
  examples: [
    'warder panic',
    'warder panic --for 1h --reason "locked out"',
    'warder panic --cluster',
    'warder panic --end',
  ],
  words: [0, 0],
  async run(call) {
    const length = textOf(call, 'for')
    const seconds = length === undefined ? SUSPENSION_DEFAULT_S : parseDuration(length)
    if (seconds === null || seconds < 1 || seconds > SUSPENSION_MOST_S) {
      call.complain(`--for ${length}: not a duration up to a day\nWrite it like 600, 10m, 1h or 1d.\n`)
      return EXIT.usage
    }
    if (isOn(call, 'end') && (length !== undefined || textOf(call, 'reason') !== undefined)) {
      call.complain('--end takes no duration and no reason.\n')
      return EXIT.usage
    }
    const id = randomUUID()
    const asked = isOn(call, 'cluster') ? await askCluster(call, id, seconds) : null
    const own = isOn(call, 'end')
      ? await end(call)
      : await begin(call, asked === EXIT.ok ? id : null, seconds)
    return own === EXIT.ok ? (asked ?? EXIT.ok) : own
  },
}

const begin = (call: Call, id: string | null, seconds: number): Promise<Exit> => {
  const reason = textOf(call, 'reason')?.slice(0, 500)
  const request = {
    verb: 'panic',
    seconds,
    ...(reason === undefined ? {} : { reason }),
    ...(id === null ? {} : { id }),
  } as const
  return asking(call, request, ({ changed = 0 }) => {
    const held = changed === 1 ? '1 ban is' : `${changed} bans are`
    call.print(
      `This node blocks nobody for ${formatDuration(seconds)}: ${held} noted, not enforced. It resumes by itself; now: warder panic --end\n`,
    )
  })
}

const end = (call: Call): Promise<Exit> =>
  asking(call, { verb: 'resume' }, ({ changed }) => {
    call.print(changed ? 'Bans are enforced again.\n' : 'Bans were enforced already.\n')
  })

/** Every agent of the cluster looks at the file within five seconds. Fails with words where there is no cluster to ask. */
async function askCluster(call: Call, id: string, seconds: number): Promise<Exit> {
  try {
    const { pve_dir } = await loadAgentConfig(textOf(call, 'config'))
    if (!existsSync(pve_dir)) {
      call.complain(
        `${pve_dir} is not there, so there is no cluster to ask.\nRun warder panic on every node.\n`,
      )
      return EXIT.failed
    }
    const by = `command line on ${hostName()}`
    const reason = textOf(call, 'reason')?.slice(0, 500)
    const until = isOn(call, 'end') ? null : systemClock.now() + seconds * 1_000
    const wish: SuspensionWish = { id, until, by, ...(reason === undefined ? {} : { reason }) }
    await writeWish(pve_dir, wish, systemClock)
    if (!isOn(call, 'json'))
      call.print('The cluster is asked; every agent hears of it within five seconds.\n')
    return EXIT.ok
  } catch (err) {
    const code = explain(call, err)
    call.complain('The cluster could not be asked (no quorum?). Run warder panic on every node.\n')
    return code
  }
}

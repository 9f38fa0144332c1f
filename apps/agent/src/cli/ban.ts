import { formatDuration, MANUAL_JAIL, parseDuration } from '@warder/core'
import { asking } from './asking.ts'
import { EXIT, textOf, type Command } from './command.ts'

/** `warder ban IP [--jail JAIL] [--for DURATION] [--reason TEXT]` */
export const ban: Command = {
  name: 'ban',
  form: 'IP [--jail JAIL] [--for DURATION] [--reason TEXT]',
  summary: 'Ban an address or a subnet on this node now',
  options: { jail: { type: 'string' }, for: { type: 'string' }, reason: { type: 'string' } },
  explain: {
    jail: `the jail whose ports are shut; all ports without one (jail ${MANUAL_JAIL})`,
    for: 'how long: 600, 10m, 1h 30m, 2w, or -1 for ever; the jail decides without it',
    reason: 'why, for the history',
  },
  examples: [
    'warder ban 192.0.2.10',
    'warder ban 192.0.2.0/24 --for 1d --reason "scanning us"',
    'warder ban 2001:db8::1 --jail sshd --for -1',
  ],
  words: [1, 1],
  async run(call) {
    const [ip = ''] = call.words
    const [jail, length, reason] = [textOf(call, 'jail'), textOf(call, 'for'), textOf(call, 'reason')]
    const bantime = length === undefined ? undefined : parseDuration(length)
    if (bantime === null || bantime === 0) {
      call.complain(`--for ${length}: not a duration\nWrite it like 600, 10m, 1h 30m, 2w, or -1 for ever.\n`)
      return EXIT.usage
    }
    const request = {
      verb: 'ban',
      ip,
      ...(jail === undefined ? {} : { jail }),
      ...(bantime === undefined ? {} : { bantime }),
      ...(reason === undefined ? {} : { reason: reason.slice(0, 500) }),
    } as const
    const long = bantime === undefined ? '' : bantime < 0 ? ' for ever' : ` for ${formatDuration(bantime)}`
    return asking(call, request, ({ changed }) => {
      call.print(changed ? `${ip} is banned${long}.\n` : `${ip} was banned already, for as long or longer.\n`)
    })
  },
}

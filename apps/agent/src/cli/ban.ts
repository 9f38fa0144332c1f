import { formatDuration, MANUAL_JAIL, parseDuration } from '@warder/core'
import { asking } from './asking.ts'
import { askingMany, readMany } from './many.ts'
import { EXIT, textOf, type Command } from './command.ts'

/** `warder ban IP|FILE|- [--jail JAIL] [--for DURATION] [--reason TEXT]` */
export const ban: Command = {
  name: 'ban',
  form: 'IP|FILE|- [--jail JAIL] [--for DURATION] [--reason TEXT]',
  summary: 'Ban an address, a subnet, or all that a file names, on this node now',
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
    'warder ban scanners.txt --for 1w',
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
    const many = await readMany(ip, call)
    if (many !== null && !many.ok) return many.exit
    const how = {
      ...(jail === undefined ? {} : { jail }),
      ...(bantime === undefined ? {} : { bantime }),
      ...(reason === undefined ? {} : { reason: reason.slice(0, 500) }),
    }
    if (many !== null) {
      return askingMany(call, many.targets, (ips) => ({ verb: 'ban-many', ips: [...ips], ...how }))
    }
    const request = { verb: 'ban', ip, ...how } as const
    const long = bantime === undefined ? '' : bantime < 0 ? ' for ever' : ` for ${formatDuration(bantime)}`
    return asking(call, request, ({ changed }) => {
      call.print(changed ? `${ip} is banned${long}.\n` : `${ip} was banned already, for as long or longer.\n`)
    })
  },
}

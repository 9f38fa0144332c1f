import { formatDuration, parseDuration } from '@warder/core'
import { systemClock } from '@warder/daemon'
import type { ControlRequest } from '@warder/protocol/control'
import { asking } from './asking.ts'
import { EXIT, isOn, textOf, type Command } from './command.ts'

const DAY_S = 86_400

/** `warder allow [IP] [--for DURATION] [--note TEXT] [--end]` */
export const allow: Command = {
  name: 'allow',
  form: '[IP] [--for DURATION] [--note TEXT] [--end]',
  summary: 'Let an address or a subnet alone on this node for a day; without one tell who is',
  options: { for: { type: 'string' }, note: { type: 'string' }, end: { type: 'boolean' } },
  explain: {
    for: 'how long: 600, 10m, 2w, or -1 until it is taken back; a day without it',
    note: 'why, for who reads the list',
    end: 'take it back',
  },
  examples: [
    'warder allow 192.0.2.10 --note "new colleague"',
    'warder allow 192.0.2.0/24 --for 2h',
    'warder allow 192.0.2.10 --end',
    'warder allow',
  ],
  words: [0, 1],
  async run(call) {
    const [ip] = call.words
    const [length, note] = [textOf(call, 'for'), textOf(call, 'note')]
    const seconds = length === undefined ? DAY_S : parseDuration(length)
    if (seconds === null || seconds === 0) {
      call.complain(`--for ${length}: not a duration\nWrite it like 600, 10m, 1h 30m, 2w, or -1 for ever.\n`)
      return EXIT.usage
    }
    if (ip === undefined) {
      return asking(call, { verb: 'allowed' }, ({ allowed = [] }) => {
        if (allowed.length === 0) call.print('Nobody is allowed on this node by hand.\n')
        for (const each of allowed) call.print(`${each.ip}  ${endOf(each.until)}  ${each.note}\n`)
      })
    }
    if (isOn(call, 'end')) {
      return asking(call, { verb: 'disallow', ip }, ({ changed }) => {
        call.print(changed ? `${ip} is no longer allowed here.\n` : `${ip} was not allowed here by hand.\n`)
      })
    }
    const request: ControlRequest = {
      verb: 'allow',
      ip,
      seconds,
      ...(note === undefined ? {} : { note: note.slice(0, 200) }),
    }
    return asking(call, request, () => {
      const long = seconds < 0 ? 'until it is taken back' : `for ${formatDuration(seconds)}`
      call.print(`${ip} is not banned on this node ${long}.\n`)
    })
  },
}

const endOf = (until: number | null): string =>
  until === null
    ? 'without an end'
    : `for ${formatDuration(Math.max(1, Math.round((until - systemClock.now()) / 1_000)))} more`

import { asking } from './asking.ts'
import { askingMany, readMany } from './many.ts'
import { EXIT, isOn, textOf, type Command } from './command.ts'

/** `warder unban IP|FILE|-|--all [--jail JAIL]` */
export const unban: Command = {
  name: 'unban',
  form: 'IP|FILE|-|--all [--jail JAIL]',
  summary:
    'Lift the bans of an address, of all inside a subnet, of all that a file names, or all bans of this node',
  options: { all: { type: 'boolean' }, jail: { type: 'string' } },
  explain: { all: 'every address', jail: 'in this jail only; everywhere without one' },
  examples: [
    'warder unban 192.0.2.10',
    'warder unban 192.0.2.0/24',
    'warder unban --all --jail sshd',
    'warder unban - < list.txt',
  ],
  words: [0, 1],
  async run(call) {
    const [ip] = call.words
    const jail = textOf(call, 'jail')
    if ((ip === undefined) !== isOn(call, 'all')) {
      call.complain('Name an address, or give --all; not both.\n')
      return EXIT.usage
    }
    const where = jail === undefined ? {} : { jail }
    const many = ip === undefined ? null : await readMany(ip, call)
    if (many !== null && !many.ok) return many.exit
    if (many !== null) {
      return askingMany(call, many.targets, (ips) => ({ verb: 'unban-many', ips: [...ips], ...where }))
    }
    const request = {
      verb: 'unban',
      ...(ip === undefined ? {} : { ip }),
      ...where,
    } as const
    return asking(call, request, ({ changed = 0 }) => {
      if (changed === 0 && ip !== undefined) call.print(`${ip} was not banned.\n`)
      else call.print(`${changed === 1 ? '1 ban is' : `${changed} bans are`} lifted.\n`)
    })
  },
}

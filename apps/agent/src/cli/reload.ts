import { asking } from './asking.ts'
import type { Command } from './command.ts'

/** `warder reload` */
export const reload: Command = {
  name: 'reload',
  form: '',
  summary: 'Read the jails and filters again; bans and counts go on, what is broken keeps its last good form',
  options: {},
  explain: {},
  examples: ['warder check && warder reload'],
  words: [0, 0],
  run: (call) =>
    asking(call, { verb: 'reload' }, ({ problems = [] }) => {
      for (const problem of problems) call.complain(`${problem}\n`)
      call.print(
        problems.length === 0
          ? 'Read again.\n'
          : `Read again, with ${problems.length} problem${problems.length === 1 ? '' : 's'}.\n`,
      )
    }),
}

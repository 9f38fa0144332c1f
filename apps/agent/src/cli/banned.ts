import { systemClock } from '@warder/daemon'
import { asking } from './asking.ts'
import { EXIT, type Command } from './command.ts'
import { agoOf, showBans } from './show.ts'

/** `warder banned [IP]` */
export const banned: Command = {
  name: 'banned',
  form: '[IP]',
  summary: 'List who is banned and why; with an address whether that one is, and how often it was',
  options: {},
  explain: {},
  examples: ['warder banned', 'warder banned 192.0.2.10', 'warder banned 192.0.2.0/24 --json'],
  words: [0, 1],
  run(call) {
    const [ip] = call.words
    const request = ip === undefined ? ({ verb: 'banned' } as const) : ({ verb: 'banned', ip } as const)
    return asking(call, request, ({ bans = [], past = [] }) => {
      const now = systemClock.now()
      if (ip !== undefined && bans.length === 0) call.print(`${ip} is not banned.\n`)
      else call.print(showBans(bans, now))
      for (const { jail, bans: times, lastAt } of past) {
        call.print(
          `Banned ${times === 1 ? 'once' : `${times} times`} by ${jail} so far, last ${agoOf(lastAt, now)}.\n`,
        )
      }
      return EXIT.ok
    })
  },
}

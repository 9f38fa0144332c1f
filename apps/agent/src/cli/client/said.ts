import type { ControlAnswer, ControlRequest } from '@warder/protocol/control'

/** What a command of fail2ban-client comes to. */
export interface Said {
  /** For standard output, without the last line feed. */
  readonly out: string
  /** For the person, on standard error. */
  readonly notes?: readonly string[]
  /** For the person, where one watches standard error: what was done needs no words for a script. */
  readonly hints?: readonly string[]
  readonly isRefused?: boolean
}

type Success = Extract<ControlAnswer, { ok: true }>

/** The agent said no; thrown so that every command ends with it in the same way. */
export class Refused extends Error {
  readonly said: Said

  constructor(said: Omit<Said, 'isRefused'>) {
    super(said.out)
    this.said = { ...said, isRefused: true }
  }
}

/** Asks the agent. @throws Refused with its own words when it says no */
export type Ask = (request: ControlRequest) => Promise<Success>

/** An asker that throws what the agent refuses. */
export const asker =
  (ask: (request: ControlRequest) => Promise<ControlAnswer>): Ask =>
  async (request) => {
    const answer = await ask(request)
    if (answer.ok) return answer
    throw new Refused({ out: answer.message, notes: [answer.remedy] })
  }

/** What fail2ban-client says where a jail is not there. */
export const noJail = (name: string, ...notes: readonly string[]): Refused =>
  new Refused({ out: `Sorry but the jail '${name}' does not exist`, notes })

export const notDone = (out: string, ...notes: readonly string[]): Refused => new Refused({ out, notes })

/** What fail2ban-client says where a word is missing. */
export const incomplete = (...notes: readonly string[]): Refused =>
  notDone('Sorry but the command is invalid', ...notes)

const OF_SERVER = /^(?:loglevel|logtarget|syslogsocket|dbfile|dbmaxmatches|dbpurgeage|allowipv6)$/

/** What is said of a setting of fail2ban's own server, where a jail could be named; null: it is none. */
export const ofServer = (word: string): Refused | null =>
  OF_SERVER.test(word)
    ? notDone('Invalid command', `Warder has no ${word}; its own settings are in agent.toml.`)
    : null

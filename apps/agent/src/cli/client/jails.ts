import { MANUAL_JAIL, type Ban } from '@warder/core'
import type { NodeStatus } from '@warder/protocol'
import type { JailDetail } from '@warder/protocol/control'
import { noJail, notDone, type Ask } from './said.ts'

/** What the agent knows, in the way in which fail2ban-client asks for it. */
export class Jails {
  readonly ask: Ask

  constructor(ask: Ask) {
    this.ask = ask
  }

  async report(): Promise<NodeStatus> {
    const { status } = await this.ask({ verb: 'status' })
    if (!status) throw notDone('the agent tells no status')
    return status.report
  }

  /** The jails that run, in the order of their configuration; that of bans made by hand where it holds any. */
  async names(): Promise<readonly string[]> {
    const { jails, activeBans } = await this.report()
    const running = jails.filter(({ state }) => state === 'running' || state === 'paused')
    const inJails = jails.reduce((sum, jail) => sum + jail.activeBans, 0)
    return [...running.map(({ name }) => name), ...(activeBans > inJails ? [MANUAL_JAIL] : [])]
  }

  async bans(jail?: string): Promise<readonly Ban[]> {
    const { bans = [] } = await this.ask({ verb: 'banned' })
    return jail === undefined ? bans : bans.filter((ban) => ban.jail === jail)
  }

  /** A jail that is to run. @throws Refused where there is none */
  async detail(name: string): Promise<JailDetail> {
    if (name === MANUAL_JAIL) return manual(await this.bans(name))
    await this.mustRun(name)
    const { jail } = await this.ask({ verb: 'jail', jail: name })
    if (!jail) throw noJail(name)
    return jail
  }

  /** @throws Refused where no such jail runs, with the reason where it is known */
  async mustRun(name: string): Promise<void> {
    const { jails } = await this.report()
    const found = jails.find((jail) => jail.name === name)
    if (found?.state === 'running' || found?.state === 'paused' || name === MANUAL_JAIL) return
    const why =
      found === undefined ? [] : [`jail ${name} is ${found.state}${found.reason ? `: ${found.reason}` : ''}`]
    throw noJail(name, ...why)
  }
}

/** The jail of bans made by hand: it reads nothing. */
function manual(bans: readonly Ban[]): JailDetail {
  const settings = { enabled: true, maxretry: 5, findtime: 600, bantime: 600 }
  return {
    status: {
      name: MANUAL_JAIL,
      filter: MANUAL_JAIL,
      state: 'running',
      ports: 'all ports',
      sources: [],
      configured: settings,
      effective: settings,
      activeBans: bans.length,
      lastMatchAt: null,
    },
    failregex: [],
    ignoreregex: [],
    logpath: [],
    journalmatch: [],
    readsJournal: false,
    datepattern: null,
    usedns: 'no',
    maxlines: 1,
    maxmatches: 0,
    ignoreip: [],
    ignorecommand: null,
    failing: 0,
    failures: 0,
    banned: bans.length,
  }
}

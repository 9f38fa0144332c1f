import type { NodeEvent } from '@warder/core'
import type { Logger } from '@warder/daemon'

/** Every logger of the agent. */
export interface Logs {
  readonly agent: Logger
  readonly control: Logger
  readonly firewall: Logger
  readonly link: Logger
  readonly loop: Logger
  readonly settings: Logger
  readonly source: Logger
}

/** The agent's loggers, children of the process's. */
export const makeLogs = (root: Logger): Logs => ({
  agent: root,
  control: root.child({ part: 'control' }),
  firewall: root.child({ part: 'firewall' }),
  link: root.child({ part: 'link' }),
  loop: root.child({ part: 'loop' }),
  settings: root.child({ part: 'settings' }),
  source: root.child({ part: 'source' }),
})

/** What an operator who reads the journal of the agent wants to see. Never text from a log line. */
export function logEvent({ agent, source }: Logs, event: NodeEvent): void {
  switch (event.kind) {
    case 'ban.added':
    case 'ban.extended': {
      const { jail, ip, until } = event.ban
      return agent.info(
        { jail, ip, until: until === null ? 'for ever' : new Date(until).toISOString() },
        event.kind,
      )
    }
    case 'ban.lifted':
    case 'ban.expired':
    case 'ban.refused':
      return agent.info({ jail: event.jail, ip: event.ip }, event.kind)
    case 'lists.applied':
      return agent.info({ allow: event.allow, deny: event.deny, refused: event.refused }, event.kind)
    case 'jail.started':
    case 'jail.stopped':
      return agent.info({ jail: event.jail }, event.kind)
    case 'source.lost':
      return source.warn({ source: event.source, reason: event.reason }, 'a source is lost')
    case 'source.regained':
      return source.info({ source: event.source }, 'a source is read again')
  }
}

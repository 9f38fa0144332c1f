import type { NodeEvent } from '@warder/core'
import { n, t } from '../language/t.ts'
import { formatTime } from './date.ts'
import { formatSpan } from './duration.ts'

/** What happens to a node rather than to an address. */
export type Machine = Exclude<
  NodeEvent,
  {
    kind:
      | 'failure.found'
      | 'failure.ignored'
      | 'success.found'
      | 'ban.added'
      | 'ban.extended'
      | 'ban.lifted'
      | 'ban.expired'
      | 'ban.refused'
  }
>

interface MachineWords {
  readonly tone: 'good' | 'problem' | 'quiet' | 'settings'
  readonly text: string
  readonly detail?: string | undefined
}

/** An event of a node, its agent, jails and firewall in words. Reasons are the node's and come as they are. */
export function machineWords(event: Machine): MachineWords {
  switch (event.kind) {
    case 'agent.started': {
      const { agent, firewall } = event
      const tone = firewall.enforcing ? 'good' : 'problem'
      return { tone, text: t('Agent {agent} started', { agent }), detail: firewall.reason }
    }
    case 'order.finished':
      return {
        tone: 'quiet',
        text: n(event.changed, 'Order done, {count} ban changed', 'Order done, {count} bans changed'),
      }
    case 'jail.started':
      return { tone: 'settings', text: startedWords(event) }
    case 'jail.stopped':
      return { tone: 'settings', text: t('Jail {jail} stopped', { jail: event.jail }), detail: event.reason }
    case 'jail.tried': {
      const { jail, passed } = event
      return passed
        ? { tone: 'good', text: t('Jail {jail} proved alive by a marked line', { jail }) }
        : { tone: 'problem', text: t('A marked line did not come through jail {jail}', { jail }) }
    }
    case 'source.lost':
      return { tone: 'problem', text: t('Lost {source}', { source: event.source }), detail: event.reason }
    case 'source.regained':
      return { tone: 'good', text: t('Reading {source} again', { source: event.source }) }
    case 'firewall.failed':
      return { tone: 'problem', text: t('The firewall did not do as it was told'), detail: event.reason }
    case 'firewall.drifted':
      return { tone: 'problem', text: driftedWords(event) }
    case 'firewall.suspended': {
      const values = { until: formatTime(event.until), by: event.by }
      const text = t('Panic: nothing is blocked until {until}, as {by} wanted', values)
      return { tone: 'problem', text, detail: event.reason }
    }
    case 'firewall.resumed':
      return { tone: 'good', text: t('Bans are enforced again: {by}', { by: event.by }) }
    case 'settings.applied':
      return { tone: 'settings', text: t('Settings applied, revision {revision}', revisionOf(event)) }
    case 'settings.refused': {
      const text = t('Settings refused, revision {revision}', revisionOf(event))
      return { tone: 'problem', text, detail: event.reason }
    }
    case 'lists.applied':
      return { tone: 'settings', text: listsWords(event) }
    case 'outbox.gapped': {
      const { lost } = event
      return {
        tone: 'problem',
        text: n(lost, '{count} event lost: the outbox was full', '{count} events lost: the outbox was full'),
      }
    }
  }
}

const revisionOf = ({ revision }: { revision: number }) => ({ revision: String(revision) })

type Of<Kind extends Machine['kind']> = Extract<Machine, { kind: Kind }>

function startedWords({ jail, settings: { maxretry, findtime, bantime } }: Of<'jail.started'>): string {
  const values = { jail, maxretry, findtime: formatSpan(findtime), bantime: formatSpan(bantime) }
  return t('Jail {jail} started: {maxretry} in {findtime}, ban {bantime}', values)
}

function driftedWords({ missing, foreign, rules }: Of<'firewall.drifted'>): string {
  const values = { missing: n(missing, '{count} ban missing', '{count} bans missing'), foreign }
  return rules
    ? t('The firewall was changed from outside: its rules, {missing}, {foreign} foreign. Put right.', values)
    : t('The firewall was changed from outside: {missing}, {foreign} foreign. Put right.', values)
}

function listsWords({ allow, deny, refused }: Of<'lists.applied'>): string {
  return refused === 0
    ? t('Lists applied: {allow} allowed, {deny} denied', { allow, deny })
    : t('Lists applied: {allow} allowed, {deny} denied, {refused} never banned here', {
        allow,
        deny,
        refused,
      })
}

import { describe, expect, it } from 'vitest'
import { NEVER_NOBODY } from '../jail/never.ts'
import { compileJail } from '../jail/compile.ts'
import { JOURNAL, type LogLine } from '../line/line.ts'
import { makeEngine } from './engine.ts'
import type { Effect } from './effect.ts'

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0)

/** Filters as they should be written: anchored at what the daemon writes, the address before or behind the name. */
const FILTERS = {
  pve: '^\\s*\\S+ pvedaemon\\[\\d+\\]: authentication failure; rhost=<ADDR> user=<F-USER>.*</F-USER> msg=',
  sshd: '^\\s*\\S+ sshd(?:-session)?\\[\\d+\\]: Failed password for (?:invalid user )?<F-USER>.*</F-USER> from <ADDR> port \\d+ ssh2$',
}

/** Who is found in one line of the journal by the filter of that identifier. */
function foundIn(text: string, more: Partial<LogLine> = {}): readonly Effect[] {
  const engine = makeEngine()
  const jails = Object.entries(FILTERS).map(([name, failregex]) => {
    const compiled = compileJail({
      name,
      filter: { name, failregex: [failregex], ignoreregex: [], maxlines: 1, journalmatch: [] },
      backend: 'auto',
      logpath: [],
      ports: { protocol: 'tcp', ports: 'all' },
      ignoreip: [],
      maxmatches: 5,
      settings: { enabled: true, maxretry: 5, findtime: 600, bantime: 600 },
    })
    if (!compiled.ok) throw new Error(compiled.problems.join('\n'))
    return { jail: compiled.jail, sources: [JOURNAL, '/f'] }
  })
  engine.step({ kind: 'plan', plan: { jails, never: NEVER_NOBODY } }, NOW)
  return engine.step({ kind: 'line', line: { source: JOURNAL, text, readAt: NOW, fields: {}, ...more } }, NOW)
}

function addressesIn(text: string, more: Partial<LogLine> = {}): readonly string[] {
  return foundIn(text, more).flatMap((effect) =>
    effect.kind === 'record' && effect.event.kind === 'failure.found' ? [effect.event.ip] : [],
  )
}

const PVE = 'node pvedaemon[1]: authentication failure;'

describe('an attacker who writes into the log', () => {
  it.each<[string, string, string[]]>([
    [
      'names a second address',
      `${PVE} rhost=192.0.2.1 user=x rhost=203.0.113.9 user=a msg=no`,
      ['192.0.2.1'],
    ],
    [
      'imitates the whole line',
      `${PVE} rhost=192.0.2.1 user=node pvedaemon[1]: authentication failure; rhost=203.0.113.9 user=a msg= msg=no`,
      ['192.0.2.1'],
    ],
    ['breaks the line', `${PVE} rhost=192.0.2.1 user=x\n${PVE} rhost=203.0.113.9 user=a msg=no`, []],
    [
      'breaks the line behind the failure',
      `${PVE} rhost=192.0.2.1 user=x msg=no\n${PVE} rhost=203.0.113.9 msg=`,
      ['192.0.2.1'],
    ],
    ['writes no address', `${PVE} rhost=999.1.1.1 user=x msg=no`, []],
    ['writes an address with a zero in front', `${PVE} rhost=192.0.2.01 user=x msg=no`, []],
    ['writes into another line', `node cron[1]: ${PVE} rhost=203.0.113.9 user=a msg=no`, []],
    [
      'puts an address into the name before the address',
      'node sshd[1]: Failed password for invalid user x from 203.0.113.9 port 1 ssh2 from 192.0.2.1 port 22 ssh2',
      ['192.0.2.1'],
    ],
    [
      'cuts the true address off with a long name',
      `node sshd[1]: Failed password for invalid user x from 203.0.113.9 port 1 ssh2${' '.repeat(17_000)}from 192.0.2.1 port 22 ssh2`,
      [],
    ],
    ['writes a null', 'node sshd[1]: Failed password for a\0b from 192.0.2.1 port 22 ssh2', ['192.0.2.1']],
    [
      'writes half a character',
      'node sshd[1]: Failed password for \ud83d from 192.0.2.1 port 22 ssh2',
      ['192.0.2.1'],
    ],
    [
      'writes other letters',
      'node sshd[1]: Failed password for jürgen-боб from 192.0.2.1 port 22 ssh2',
      ['192.0.2.1'],
    ],
    [
      'writes a line separator',
      'node sshd[1]: Failed password for a\u2028b from 192.0.2.1 port 22 ssh2',
      ['192.0.2.1'],
    ],
    ['writes a return', 'node sshd[1]: Failed password for a\rb from 192.0.2.1 port 22 ssh2', ['192.0.2.1']],
    [
      'writes a date',
      'node sshd[1]: Failed password for 2020-01-01 00:00:00 from 192.0.2.1 port 22 ssh2',
      ['192.0.2.1'],
    ],
  ])('%s', (_, text, addresses) => {
    expect(addressesIn(text)).toEqual(addresses)
  })

  it('cannot date a line of a file, whose own date comes first', () => {
    const text =
      'Nov 20 11:59:00 node sshd[1]: Failed password for 2020-01-01T00:00:00Z from 192.0.2.1 port 22 ssh2'
    const [effect] = foundIn(text, { source: '/f' })
    expect(effect).toMatchObject({ event: { failedAt: NOW - 60_000, ip: '192.0.2.1' } })
  })

  it('cannot make an event that is larger than events may be, or not well-formed', () => {
    const name = `\ud83d${'\u0000'.repeat(8_000)}`
    const [effect] = foundIn(`node sshd[1]: Failed password for ${name} from 192.0.2.1 port 22 ssh2`)
    const event = effect?.kind === 'record' && effect.event.kind === 'failure.found' ? effect.event : null
    expect(event?.user?.length).toBe(128)
    expect(event?.line.length).toBe(1_000)
    expect(event?.user?.isWellFormed() && event.line.isWellFormed()).toBe(true)
  })
})

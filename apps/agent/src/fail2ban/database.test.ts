import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JailDefinition } from '@warder/core'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BanDatabase, DatabaseError } from './database.ts'
import { sortBans } from './past-bans.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-database-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const path = () => join(folder, 'f2b.sqlite3')
function make(sql: string): void {
  const db = new Database(path())
  db.exec(sql)
  db.close()
}
function read() {
  using database = new BanDatabase(path())
  return database.bans()
}

const NOW_TABLES =
  'CREATE TABLE bans(jail TEXT, ip TEXT, timeofban INTEGER, bantime INTEGER, bancount INTEGER, data JSON);' +
  'CREATE TABLE bips(ip TEXT, jail TEXT, timeofban INTEGER, bantime INTEGER, bancount INTEGER, data JSON);'

describe("fail2ban's database", () => {
  it.each<[string, string, readonly unknown[]]>([
    [
      'as it is now',
      `${NOW_TABLES} INSERT INTO bips VALUES ('192.0.2.1','sshd',1000,600,3,'{"matches":["x"]}'),('192.0.2.2','sshd',2000,-1,1,NULL)`,
      [
        { jail: 'sshd', ip: '192.0.2.2', timeofban: 2000, bantime: -1, bancount: 1 },
        { jail: 'sshd', ip: '192.0.2.1', timeofban: 1000, bantime: 600, bancount: 3 },
      ],
    ],
    [
      'of releases that did not know how long a ban lasts',
      `CREATE TABLE bans(jail TEXT, ip TEXT, timeofban INTEGER, data JSON);
       INSERT INTO bans VALUES ('sshd','192.0.2.1',1000,'{}'),('sshd','192.0.2.1',3000,'{}'),('sshd',NULL,1,'{}')`,
      [{ jail: 'sshd', ip: '192.0.2.1', timeofban: 3000, bantime: null, bancount: 2 }],
    ],
    [
      'with what is no ban in it',
      `${NOW_TABLES} INSERT INTO bips VALUES ('192.0.2.1','sshd','soon',1,1,NULL),('192.0.2.2','sshd',-1,1,1,NULL),('192.0.2.3','sshd',1e300,1,1,NULL)`,
      [],
    ],
  ])('%s', (_, sql, rows) => {
    make(sql)
    expect(read()).toEqual(rows)
  })

  it.each<[string, () => void, RegExp]>([
    ['is not there', () => {}, /cannot be opened/],
    ['is no database', () => writeFileSync(path(), 'nothing but text, and more of it'.repeat(99)), /damaged/],
    ["is another program's", () => make('CREATE TABLE bans(name TEXT)'), /no database of fail2ban/],
  ])('says what is wrong when it %s', (_, prepare, words) => {
    prepare()
    expect(read).toThrow(words)
    expect(read).toThrow(DatabaseError)
  })

  it('is read while fail2ban has it open and has written', () => {
    make(NOW_TABLES)
    const theirs = new Database(path())
    theirs.pragma('journal_mode = MEMORY')
    theirs.exec("INSERT INTO bips VALUES ('192.0.2.1','sshd',1000,600,1,NULL)")
    expect(read()).toHaveLength(1)
    theirs.close()
  })

  it('is told to be held when another program does not let go of it', () => {
    make(NOW_TABLES)
    const theirs = new Database(path())
    theirs.exec('BEGIN EXCLUSIVE')
    expect(read).toThrow(/held by another program/)
    theirs.close()
  }, 20_000)
})

describe('bans of the database', () => {
  const NOW = 10_000_000
  const definition = {
    name: 'sshd',
    filter: { name: 'sshd', failregex: [], ignoreregex: [], maxlines: 1, journalmatch: [] },
    backend: 'file',
    logpath: [],
    ports: { protocol: 'tcp', ports: 'all' },
    ignoreip: [],
    maxmatches: 5,
    settings: { enabled: true, maxretry: 5, findtime: 600, bantime: 3_600 },
  } satisfies JailDefinition
  const growth = {
    factor: 1,
    multipliers: [],
    formula: null,
    maxtime: null,
    rndtime: 0,
    overalljails: false,
  }
  const jails = new Map<string, JailDefinition | null>([
    ['sshd', definition],
    ['for-ever', { ...definition, settings: { ...definition.settings, bantime: -1 } }],
    ['grows', { ...definition, growth }],
    ['grows-to-2h', { ...definition, growth: { ...growth, maxtime: 7_200 } }],
    ['grows-by-chance', { ...definition, growth: { ...growth, maxtime: 7_200, rndtime: 300 } }],
    ['broken', null],
  ])
  // What the real one restores from such rows at its next start was compared; `timeofban` is in seconds, now 10,000.
  it.each<[string, readonly [jail: string, timeofban: number, bantime: number | null], unknown]>([
    ['runs', ['sshd', 9_900, 600], { active: [{ until: 10_500_000, past: 2, lastAt: 9_900_000 }] }],
    ['is for ever', ['for-ever', 1, -1], { active: [{ until: null }] }],
    ['is over', ['sshd', 9_000, 600], { over: [{ until: 9_600_000 }] }],
    ['ends in this moment', ['sshd', 9_400, 600], { over: [{}] }],
    ['lasts as long as its jail says', ['sshd', 9_000, null], { active: [{ until: 12_600_000 }] }],
    ['came from an older release', ['sshd', 9_000, -2], { active: [{ until: 12_600_000 }] }],
    ['came from an older release and is over', ['sshd', 6_000, -2], { over: [{ until: 9_600_000 }] }],
    ['came from an older release, for ever', ['for-ever', 1, -2], { active: [{ until: null }] }],
    ['was to be longer than its jail says now', ['sshd', 9_000, 9_999], { active: [{ until: 12_600_000 }] }],
    ['was to be longer, and would be over now', ['sshd', 6_000, 9_999], { over: [{ until: 9_600_000 }] }],
    ['was for ever, and its jail is not', ['sshd', 9_000, -1], { active: [{ until: 12_600_000 }] }],
    ['was for ever long ago, and its jail is not', ['sshd', 1, -1], { over: [{}] }],
    ['had an end before its jail had none', ['for-ever', 9_900, 600], { active: [{ until: 10_500_000 }] }],
    ['grew', ['grows', 9_000, 99_999], { active: [{ until: 108_999_000 }] }],
    ['grew above the cap of today', ['grows-to-2h', 9_000, 99_999], { active: [{ until: 16_200_000 }] }],
    ['is for ever above the cap', ['grows-to-2h', 1, -1], { over: [{}] }],
    ['got more by chance', ['grows-by-chance', 9_000, 7_400], { active: [{ until: 16_400_000 }] }],
    ['has a length that cannot be', ['sshd', 9_990, -5], { over: [{}] }],
    ['is of a jail that is off', ['ftp', 9_900, 600], { left: 1 }],
    ['is of a jail that cannot run here', ['broken', 9_900, 600], { waiting: [{ until: 10_500_000 }] }],
    ['is of such a jail, of unknown length', ['broken', 9_900, -2], { waiting: [{ until: null }] }],
    ['was of a jail that cannot run here', ['broken', 9_000, 600], {}],
  ])('one that %s', (_, [jail, timeofban, bantime], expected) => {
    const rows = [{ jail, ip: '192.0.2.1', timeofban, bantime, bancount: 2 }]
    expect(sortBans(rows, jails, NOW)).toMatchObject({
      active: [],
      over: [],
      waiting: [],
      left: 0,
      ...(expected as object),
    })
  })
})

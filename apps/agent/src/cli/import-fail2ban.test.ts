import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from './commands.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-import-'))
  mkdirSync(join(folder, 'filter.d'))
  write('filter.d/gate.conf', '[Definition]\nfailregex = ^bad login from <ADDR>$\n')
  write('filter.d/bad.conf', '[Definition]\nfailregex = ^(<ADDR>$\n')
  write('fail2ban.conf', `[Definition]\ndbfile = ${database()}\n`)
  write(
    'jail.conf',
    '[DEFAULT]\nenabled = true\nlogpath = /var/log/gate.log\nbantime = 1h\nmaxretry = 3\nfindtime = 10m\nbackend = polling\n' +
      '[gate]\nfilter = gate\n[bad]\nfilter = bad\n',
  )
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
const database = (): string => join(folder, 'f2b.sqlite3')

/** Rows with the age of a ban in seconds. */
function makeDatabase(rows: readonly (readonly [jail: string, ip: string, age: number, bantime: number])[]) {
  const db = new Database(database())
  db.exec('CREATE TABLE bips(ip TEXT, jail TEXT, timeofban INTEGER, bantime INTEGER, bancount INTEGER)')
  const put = db.prepare('INSERT INTO bips VALUES (?,?,?,?,1)')
  for (const [jail, ip, age, bantime] of rows)
    put.run(ip, jail, Math.round(Date.now() / 1_000) - age, bantime)
  db.close()
}

async function dryRun(...args: readonly string[]) {
  let [out, err] = ['', '']
  const around = { print: (text: string) => (out += text), complain: (text: string) => (err += text) }
  const exit = await runCommand(['import-fail2ban', '--dry-run', '--config', folder, ...args], {
    ...around,
    environment: {},
    isTerminal: false,
  })
  return { exit, out, err }
}

describe('warder import-fail2ban --dry-run', () => {
  it('counts the bans of jails that cannot run here, and says that they are', async () => {
    makeDatabase([
      ['gate', '203.0.113.1', 10, 3_600],
      ['gate', '203.0.113.2', 10, -2],
      ['gate', '203.0.113.3', 99_999, -1],
      ['bad', '203.0.113.4', 10, 3_600],
      ['bad', '203.0.113.5', 99_999, 60],
      ['gone', '203.0.113.6', 10, 3_600],
    ])
    const { exit, out } = await dryRun()
    expect(exit).toBe(0)
    expect(out).toMatch(/^gate .* 2$/m)
    expect(out).toMatch(/^bad +CANNOT RUN +1$/m)
    expect(out).toContain(
      '2 bans in force; 1 earlier one remembered; 1 more ban of jails that cannot run here; 1 of jails that are not enabled are left behind.\n',
    )
    expect(JSON.parse((await dryRun('--json')).out)).toMatchObject({
      ok: true,
      bans: { active: 2, past: 1, waiting: 1, left: 1 },
    })
  })

  it.each<[string, () => void, RegExp]>([
    ['is not there', () => {}, /cannot be opened/],
    ['is damaged', () => writeFileSync(database(), 'nothing but text, and more of it'.repeat(99)), /damaged/],
    ['is empty', () => writeFileSync(database(), ''), /no database of fail2ban/],
  ])('shows the jails where the database %s, and fails', async (_, prepare, words) => {
    prepare()
    const { exit, out, err } = await dryRun()
    expect([exit, err]).toEqual([1, expect.stringMatching(words)])
    expect(out).toMatch(/^gate .* -$/m)
    expect(out).not.toContain('in force')
    expect(JSON.parse((await dryRun('--json')).out)).toMatchObject({
      ok: false,
      bans: null,
      problems: [expect.stringMatching(words)],
    })
  })

  it('shows each jail as it will run, and what is done otherwise with nobody having written it', async () => {
    write('jail.conf', '[gate]\nenabled = true\nlogpath = /var/log/gate.log\n')
    const { out } = await dryRun('--database', 'none')
    // What no file of fail2ban says is as in the [DEFAULT] of Warder.
    expect(out).toMatch(/^gate +gate +\/var\/log\/gate\.log +all ports +5 +10m +1h +-$/m)
    expect(out).toContain('IPv6 addresses count and are banned by their /64,')
    expect(out).not.toMatch(/^(?:sshd|proxmox|warder) /m)
    write('jail.local', '[DEFAULT]\nipv6prefix = 128\n')
    expect((await dryRun('--database', 'none')).out).not.toContain('IPv6')
  })

  it('names the folder in full, for the agent runs elsewhere', async () => {
    const { out } = await dryRun('--json', '--database', 'none', '--config', relative('.', folder))
    expect(JSON.parse(out)).toMatchObject({ folder, database: null })
  })
})

import { appendFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Beside } from '../fail2ban/beside.ts'
import { fail2banTrouble } from '../fail2ban/server.ts'
import { until } from '../lab/command.ts'

const trouble = fail2banTrouble()
describe.skipIf(trouble)(`commands of fail2ban-client${trouble ? ` (${trouble})` : ''}`, () => {
  let beside: Beside
  beforeAll(async () => {
    beside = await Beside.open()
  }, 120_000)
  afterAll(() => beside?.[Symbol.asyncDispose](), 60_000)

  /** Times differ by what passes between the two, and expressions are shown with their tags here. */
  const normal = (text: string): string =>
    text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '<time>').replaceAll(/(\[\d\]: ).*/g, '$1…')

  async function same(words: readonly string[]): Promise<void> {
    const [theirs, ours] = await beside.both(words)
    // Who does what was asked has nothing to say on standard error: cron would send it by mail.
    const complaints = theirs.code === 0 ? { complaints: '' } : {}
    expect({
      words,
      code: ours.code,
      out: normal(ours.stdout),
      ...(theirs.code === 0 ? { complaints: ours.stderr } : {}),
    }).toEqual({ words, code: theirs.code, out: normal(theirs.stdout), ...complaints })
  }

  it('are answered as fail2ban answers them, one after the other', async () => {
    const steps: readonly (readonly string[])[] = [
      ['ping'],
      ['status'],
      ['status', 'door'],
      ['status', 'shop'],
      ['status', 'nowhere'],
      ['set', 'door', 'banip', '203.0.113.1', '203.0.113.2'],
      ['set', 'door', 'banip', '203.0.113.2'],
      ['set', 'shop', 'banip', '203.0.113.9', '2001:db8::1', '203.0.113.64/28'],
    ]
    for (const words of steps) await same(words)
    // The server of fail2ban notes bans that are asked for beside its answer.
    await until('the bans', async () =>
      (await beside.theirs('status', 'shop')).stdout.includes('203.0.113.64/28'),
    )
    const more: readonly (readonly string[])[] = [
      ['status', 'door'],
      ['status', 'shop'],
      ['status', 'door', 'short'],
      ['banned'],
      ['banned', '203.0.113.1'],
      ['banned', '203.0.113.1', '203.0.113.9', '192.0.2.4'],
      ['get', 'shop', 'banip', '--with-time'],
      ['get', 'door', 'banned'],
      ['get', 'door', 'banned', '203.0.113.1'],
      ['get', 'door', 'banned', '203.0.113.1', '192.0.2.1'],
      ...[
        'bantime',
        'findtime',
        'maxretry',
        'ignoreip',
        'failregex',
        'ignoreregex',
        'logpath',
        'journalmatch',
      ].map((what) => ['get', 'door', what]),
      ...[
        'usedns',
        'maxlines',
        'ignoreself',
        'ignorecommand',
        'datepattern',
        'logencoding',
        'maxmatches',
      ].map((what) => ['get', 'door', what]),
      ...['failregex', 'ignoreregex', 'logpath', 'bantime', 'ignoreip'].map((what) => ['get', 'shop', what]),
      ['get', 'nowhere', 'bantime'],
      ['set', 'nowhere', 'bantime', '3'],
      ['get', 'door', 'nothing'],
      ['set', 'door', 'maxretry', '5'],
      ['get', 'door', 'maxretry'],
      ['set', 'door', 'bantime', '1h'],
      ['get', 'door', 'bantime'],
      ['set', 'door', 'findtime', '20m'],
      ['get', 'door', 'findtime'],
      ['set', 'door', 'addignoreip', '192.0.2.7'],
      ['get', 'door', 'ignoreip'],
      ['set', 'door', 'delignoreip', '198.51.100.0/24'],
      ['set', 'door', 'delignoreip', '192.0.2.7'],
      ['set', 'door', 'unbanip', '203.0.113.1'],
      ['set', 'door', 'unbanip', '192.0.2.99'],
      ['set', 'door', 'unbanip', '--report-absent', '192.0.2.99'],
      ['unban', '203.0.113.9'],
      ['unban', '192.0.2.99'],
      ['unban'],
      ['status', 'shop'],
      ['unban', '--all'],
      ['banned'],
      ['nonsense'],
      ['reload'],
      ['get', 'door', 'maxretry'],
      ['get', 'door', 'ignoreip'],
      ['echo', 'all', 'well'],
      ['-q', 'status'],
      ['-x', 'ping'],
      ['stop', 'shop'],
      ['status'],
      ['--str2sec', '1h30'],
    ]
    for (const words of more) await same(words)
  }, 180_000)

  it('are answered so in odd forms too', async () => {
    await beside.both(['unban', '--all'])
    const steps: readonly (readonly string[])[] = [
      ['set', 'door', 'banip', '203.0.113.2', '203.0.113.3', '203.0.113.2', '203.0.113.20'],
      ['set', 'door', 'banip', '2001:DB8::1'],
      ['set', 'door', 'banip'],
    ]
    for (const words of steps) await same(words)
    await until('the bans', async () =>
      (await beside.theirs('status', 'door')).stdout.includes('2001:db8::1'),
    )
    const more: readonly (readonly string[])[] = [
      ['get', 'door', 'banned', '2001:DB8::1'],
      ['set', 'door', 'unbanip'],
      ['set', 'door', 'unbanip', '--report-absent'],
      ['set', 'door', 'unbanip', '--report-absent', 'nobody', '203.0.113.99'],
      ['unban', '203.0.113.99', '203.0.113.2'],
      ['set', 'door', 'unbanip', '203.0.113.16/28'],
      ['status', 'door', 'short'],
      ['get', 'shop', 'banip', ','],
      ['get'],
      ['set'],
      ['get', 'door'],
      ['set', 'door'],
      ['set', 'door', 'bantime'],
      ['set', 'door', 'bantime', '1d 12h'],
      ['set', 'door', 'bantime', '-1'],
      ['set', 'door', 'maxretry', '+5'],
      ['set', 'door', 'addignoreip', '203.0.113.230/28'],
      ['set', 'door', 'addignoreip', '203.0.113.224/28'],
      ['set', 'door', 'addignoreip'],
      ['set', 'door', 'delignoreip'],
      ['set', 'door', 'delignoreip', '203.0.113.224/28'],
      ['get', 'door', 'ignoreip'],
      ['status', ''],
      ['status door'],
      ['STATUS'],
      ['stop', 'nowhere'],
      ['--str2sec', '1d 12h'],
      ['unban', '--all'],
    ]
    for (const words of more) await same(words)
  }, 120_000)

  it.each([
    ['reload', 'nowhere'],
    ['reload', 'door', 'shop'],
    ['reload', '--al'],
    ['--nothing', 'ping'],
    ['-s'],
    ['-s', '/nonexistent.sock', 'ping'],
    ['set', 'door', 'bantime', 'ages'],
    ['set', 'door', 'maxretry', '3.5'],
    ['set', 'door', 'delignoreip', '203.0.113.99'],
    [],
  ])('are refused as there: %s %s %s %s', async (...words) => {
    const [theirs, ours] = await beside.both(words)
    expect([theirs.code, ours.code]).toEqual([255, 255])
    expect(`${ours.stdout}${ours.stderr}`).not.toBe('')
  })

  it('count failures and bans from logs alike', async () => {
    await beside.both(['unban', '--all'])
    await beside.both(['reload'])
    const log = beside.lab.log
    const attack = `${new Date().toISOString()} bad login of root from 203.0.113.77\n`
    await appendFile(log, attack.repeat(2))
    let last = ''
    const toldWith = (err: Error) => {
      throw new Error(`${err.message}\n${last}`)
    }
    const seen = async (text: string) => {
      const [theirs, ours] = await beside.both(['status', 'door'])
      last = `${theirs.stdout}${ours.stdout}`
      return theirs.stdout.includes(text) && ours.stdout.includes(text)
    }
    await until('the failures', () => seen('Currently failed:\t1')).catch(toldWith)
    await appendFile(log, attack)
    await until('the ban', () => seen('Banned IP list:\t203.0.113.77')).catch(toldWith)
    const [theirs, ours] = await beside.both(['status', 'door'])
    // What was banned by hand before counts too; a restart of a jail makes fail2ban forget it.
    const counted = (text: string): string => text.replace(/(Total banned:\t)\d+/, '$1…')
    expect(counted(ours.stdout)).toBe(counted(theirs.stdout))
    expect(ours.stdout).toContain('Total failed:\t3')
  }, 90_000)
})

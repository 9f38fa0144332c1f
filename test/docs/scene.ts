import { join } from 'node:path'
import Database from 'better-sqlite3'
import { PATHS } from '@warder/protocol/paths'
import { fileOf } from './page.ts'
import { blocksFor } from './proofs.ts'
import type { DocsMachine } from './machine.ts'

const ssh = (second: number, said: string): string =>
  `2026-11-20T10:00:0${second}.000000+00:00 pve1 sshd[7]: ${said}\n`

/** The log of docs/cli.md. */
const DOC_LOG =
  ssh(0, 'Connection closed by 192.0.2.9 port 4020 [preauth]') +
  [1, 2, 3, 4, 5]
    .map((second) => ssh(second, 'Failed password for root from 192.0.2.7 port 4022 ssh2'))
    .join('') +
  ssh(6, 'Accepted publickey for bob from 192.0.2.9 port 4024 ssh2: ED25519 SHA256:x')

/** The jail.local of docs/cli.md whose mistakes `warder check` names. */
export const BROKEN_JAILS = `[DEFAULT]
bantime = 2h

[sshd]
enabled = true
maxretries = 3

# The shop's till.
[till]
enabled = true
filter = sshd
backend = polling
logpath = /var/log/till.log
findtime = 10m
bantime = 1d
maxretry = 5
protocol = tcp
port = 99999
`

const DOOR = '[Definition]\nfailregex = ^ door: no <F-USER>\\S+</F-USER> from <ADDR>$\n'

/** The installation of fail2ban of docs/from-fail2ban.md. */
const FAIL2BAN: Readonly<Record<string, string>> = {
  'jail.local':
    '[door]\nenabled = true\nlogpath = /var/log/door.log\nmaxretry = 3\nfindtime = 10m\nbantime = 10m\nport = 22\n' +
    '[shop]\naction = mail-whois\nenabled = true\nlogpath = /var/log/shop.log\nmaxretry = 5\nfindtime = 10m\nbantime = 1d\nport = 443\n' +
    'ignoreip = 198.51.100.0/24\n',
  'jail.conf': '[DEFAULT]\nbackend = polling\nfilter = %(__name__)s\nprotocol = tcp\n',
  'filter.d/door.conf': DOOR,
  'filter.d/shop.conf': DOOR,
  'action.d/mail-whois.conf': '[Definition]\nactionban = mail\n',
}
/** fail2ban's memory: three bans in force, and twelve that are over. */
function writePast(file: string): void {
  const db = new Database(file)
  const columns = '(ip TEXT, jail TEXT, timeofban INTEGER, bantime INTEGER, bancount INTEGER, data JSON)'
  db.exec(`CREATE TABLE bans${columns}; CREATE TABLE bips${columns}`)
  const add = db.prepare('INSERT INTO bips VALUES (?, ?, ?, ?, 1, NULL)')
  const now = Math.floor(Date.now() / 1_000)
  const bans = [
    ['door', now - 60],
    ['door', now - 60],
    ['shop', now - 60],
  ] as const
  for (const [jail, from] of [...bans, ...Array.from({ length: 12 }, () => ['door', now - 3_600] as const)])
    add.run(
      `203.0.113.${db.prepare('SELECT count(*) FROM bips').pluck().get()}`,
      jail,
      from,
      jail === 'door' ? 600 : 86_400,
    )
  db.close()
}

/** Puts onto the machine what the pages speak of, and starts both programs → a token that may do everything. */
export async function furnish(machine: DocsMachine): Promise<string> {
  const shop = blocksFor('test/docs/files.test.ts').filter((block) => fileOf(block)?.endsWith('/shop.conf'))
  for (const block of shop) await machine.write(fileOf(block) ?? '', block.text)
  for (const [file, text] of Object.entries(FAIL2BAN)) await machine.write(`/etc/fail2ban/${file}`, text)
  const past = join(machine.folder, 'fail2ban.sqlite3')
  writePast(past)
  await machine.says(`cp ${past} /var/lib/fail2ban/`)
  const failed = `${new Date().toISOString()} pve1 shop[7]: login failed for bob from 192.0.2.7\n`
  await machine.write('/var/log/shop/shop.log', failed)
  await machine.write('/run/machine/work/doc.log', DOC_LOG)
  await machine.write('/run/machine/work/list.txt', '198.51.100.7 # seen\n198.51.100.16/28\n')
  await machine.says('cp -r /etc/fail2ban fail2ban-copy; touch /var/log/auth.log')
  await machine.says('logger -t sshd "Failed password for root from 198.51.100.9 port 4711 ssh2"')
  await machine.write('/etc/warder/agent.toml', 'filter_local_networks = true\n')
  await machine.startServer()
  const token = await claim(machine)
  const code = (await machine.says('warder-server join-code')).match(/warder-join\.\S+/)?.[0] ?? ''
  await machine.says(`warder enrol https://localhost:8008 ${code}`)
  await machine.startAgent()
  // Revisions to go back to.
  const tune = `curl -sf -X PUT -H 'content-type: application/json' -H 'Authorization: Bearer ${token}'`
  const address = `http://localhost:8008${PATHS.jailSettings('sshd')}`
  await machine.says(`for n in 1 2 3 4 5 6 7 8; do ${tune} -d "{\\"maxretry\\":$n}" ${address}; done`)
  return token
}

/** Makes ada the operator, with a token. */
async function claim(machine: DocsMachine): Promise<string> {
  const post = (path: string, body: object) =>
    machine.says(
      `curl -sf -b jar -c jar -H 'content-type: application/json' -d '${JSON.stringify(body)}' http://localhost:8008${path}`,
    )
  const code = (await machine.says('warder-server claim-code')).trim()
  await post(PATHS.claim, { code, name: 'ada', password: 'correct horse battery' })
  const made: unknown = JSON.parse(await post(PATHS.tokens, { name: 'pages', scopes: ['admin'] }))
  return (made as { secret: string }).secret
}

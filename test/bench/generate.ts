import { closeSync, openSync, writeSync } from 'node:fs'
import { makeRandom, type Random } from './random.ts'

/** The logs that detection is measured on. */
export const LOGS = ['sshd', 'proxmox', 'nginx-access', 'nginx-auth'] as const
export type LogName = (typeof LOGS)[number]

/** Which log is written, how long it is, and from which seed. Lines end at `until`, an hour after the first. */
export interface LogOrder {
  readonly log: LogName
  readonly lines: number
  readonly seed: number
  readonly until: number
}

const SPAN = 3_600_000
const HOST = 'pve1'
const ATTACKERS = 2_000
const USERS = ['admin', 'test', 'oracle', 'git', 'deploy', 'ubuntu', 'www data', 'support', 'postgres']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Addresses of the range for benchmarks, and one in five from the documentation's IPv6; few are loud, many are not. */
function attackerOf(random: Random): string {
  const which = Math.floor(random.below(1) ** 3 * ATTACKERS)
  if (which % 5 === 4) return `2001:db8:${(which * 7 + 1).toString(16)}::${(which + 1).toString(16)}`
  const number = (which * 65_537 + 257) % 131_071
  return `198.${18 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`
}

const friendOf = (random: Random): string => `192.0.2.${1 + random.int(60)}`
const portOf = (random: Random): number => 1_024 + random.int(64_000)

/** What other daemons of a node write. */
function noise(random: Random): string {
  const pid = 1_000 + random.int(60_000)
  return random.pick<() => string>([
    () => `pvestatd[1203]: status update time (${(5 + random.below(9)).toFixed(3)} seconds)`,
    () => `pmxcfs[998]: [dcdb] notice: data verification successful`,
    () => `pmxcfs[998]: [status] notice: received log`,
    () => `corosync[1100]:   [KNET  ] link: host: ${1 + random.int(8)} link: 0 is down`,
    () => `CRON[${pid}]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)`,
    () => `CRON[${pid}]: (root) CMD (command -v debian-sa1 > /dev/null && debian-sa1 1 1)`,
    () => `systemd-logind[812]: New session ${random.int(9_999)} of user root.`,
    () => `systemd[1]: session-${random.int(9_999)}.scope: Deactivated successfully.`,
    () => `systemd[1]: Finished pvesr.service - Proxmox VE replication runner.`,
    () => `pvedaemon[${pid}]: <root@pam> starting task UPID:${HOST}:${random.hex(8)}:vzdump:101:root@pam:`,
    () => `pvedaemon[${pid}]: <root@pam> successful auth for user 'root@pam'`,
    () => `pveproxy[${pid}]: worker ${pid + 1} finished`,
    () =>
      `kernel: [${random.int(900_000)}.${random.int(900_000)}] vmbr0: port 3(tap104i0) entered forwarding state`,
    () => `postfix/smtpd[${pid}]: connect from localhost[127.0.0.1]`,
    () =>
      `smartd[790]: Device: /dev/sda [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from 64 to 65`,
    () => `pve-firewall[1201]: firewall update time (${(5 + random.below(3)).toFixed(3)} seconds)`,
  ])()
}

function sshdGood(random: Random): readonly string[] {
  const [ip, port] = [friendOf(random), portOf(random)]
  return [
    `Accepted publickey for root from ${ip} port ${port} ssh2: ED25519 SHA256:${random.hex(43)}`,
    `pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)`,
    `Received disconnect from ${ip} port ${port}:11: disconnected by user`,
    `Disconnected from user root ${ip} port ${port}`,
    `pam_unix(sshd:session): session closed for user root`,
  ]
}

function sshdBad(random: Random): readonly string[] {
  const [ip, port, user] = [attackerOf(random), portOf(random), random.pick(USERS)]
  const pam = `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${ip}`
  const kind = random.below(1)
  if (kind < 0.45) {
    return [
      `Invalid user ${user} from ${ip} port ${port}`,
      `pam_unix(sshd:auth): check pass; user unknown`,
      pam,
      `Failed password for invalid user ${user} from ${ip} port ${port} ssh2`,
      `Connection closed by invalid user ${user} ${ip} port ${port} [preauth]`,
    ]
  }
  const failed = `Failed password for root from ${ip} port ${port} ssh2`
  if (kind < 0.8)
    return [
      `${pam}  user=root`,
      failed,
      `Connection closed by authenticating user root ${ip} port ${port} [preauth]`,
    ]
  if (kind < 0.9) {
    return [
      ...[failed, failed, failed],
      `error: maximum authentication attempts exceeded for root from ${ip} port ${port} ssh2 [preauth]`,
      `Disconnecting authenticating user root ${ip} port ${port}: Too many authentication failures [preauth]`,
    ]
  }
  return [
    random.pick([
      `banner exchange: Connection from ${ip} port ${port}: invalid format`,
      `Unable to negotiate with ${ip} port ${port}: no matching key exchange method found. Their offer: x [preauth]`,
      `Connection reset by ${ip} port ${port} [preauth]`,
    ]),
  ]
}

function proxmoxBad(random: Random): string {
  const ip = attackerOf(random)
  const mapped = ip.includes(':') || random.below(1) < 0.3 ? ip : `::ffff:${ip}`
  const user = random.below(1) < 0.6 ? 'root@pam' : `${random.pick(USERS)}@pve`
  return `pvedaemon[${1_230 + random.int(3)}]: authentication failure; rhost=${mapped} user=${user} msg=Authentication failure`
}

/** The messages of a node's syslog: 60 % other daemons, 25 % good logins and 15 % failures, or 85 % and 15 %. */
function syslogMessages(log: LogName, random: Random): () => string {
  const waiting: string[] = []
  return () => {
    const kind = random.below(1)
    if (log === 'proxmox') return kind < 0.15 ? proxmoxBad(random) : noise(random)
    // Sessions have several lines, which come between those of others.
    if (kind < 0.6) return noise(random)
    if (waiting.length < 40) {
      const pid = 4_000 + random.int(90_000)
      const isBad = random.below(1) < 0.375 * (5 / 4)
      for (const line of isBad ? sshdBad(random) : sshdGood(random)) waiting.push(`sshd[${pid}]: ${line}`)
    }
    return waiting.shift() ?? noise(random)
  }
}

const PATHS = [
  '/',
  '/css/app.css',
  '/js/app.js',
  '/api2/json/nodes',
  '/favicon.ico',
  '/login',
  '/img/logo.svg',
]
const SCANNED = ['/wp-login.php', '/phpmyadmin', '/cgi-bin/luci', '/mysqladmin', '/roundcube/']
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'

function accessLine(random: Random, at: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}`
  const time = `${day}:${at.toISOString().slice(11, 19)} +0000`
  if (random.below(1) < 0.15)
    return `${attackerOf(random)} - - [${time}] "GET ${random.pick(SCANNED)} HTTP/1.1" 404 153 "-" "${BROWSER}"`
  const status = random.pick([200, 200, 200, 304, 404])
  return `${friendOf(random)} - - [${time}] "GET ${random.pick(PATHS)} HTTP/2.0" ${status} ${random.int(50_000)} "https://www.example.net/" "${BROWSER}"`
}

function authLine(random: Random, at: Date): string {
  const time = at.toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')
  const head = `${time} [error] ${1_000 + random.int(4)}#${1_000 + random.int(4)}: *${random.int(99_999)} `
  const tail = (ip: string): string =>
    `, client: ${ip}, server: www.example.net, request: "GET /private HTTP/1.1", host: "www.example.net"`
  if (random.below(1) < 0.15)
    return `${head}user "${random.pick(USERS)}": password mismatch${tail(attackerOf(random))}`
  return `${head}open() "/srv/www/robots.txt" failed (2: No such file or directory)${tail(friendOf(random))}`
}

function lineMaker({ log, seed }: LogOrder): (at: Date) => string {
  const random = makeRandom(seed)
  if (log === 'nginx-access') return (at) => accessLine(random, at)
  if (log === 'nginx-auth') return (at) => authLine(random, at)
  const next = syslogMessages(log, random)
  return (at) => `${at.toISOString().slice(0, 23)}000+00:00 ${HOST} ${next()}`
}

/** Writes a log: the same order gives the same bytes. All times are UTC. */
export function writeLog(path: string, order: LogOrder): void {
  const lineAt = lineMaker(order)
  const file = openSync(path, 'w')
  let text = ''
  for (let number = 0; number < order.lines; number++) {
    text += `${lineAt(new Date(order.until - SPAN + Math.floor((SPAN * number) / order.lines)))}\n`
    if (text.length < 1 << 20 && number + 1 < order.lines) continue
    writeSync(file, text)
    text = ''
  }
  closeSync(file)
}

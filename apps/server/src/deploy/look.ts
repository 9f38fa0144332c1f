/** What a host says of itself, by the script below. */
export interface HostFacts {
  readonly uid: number
  readonly architecture: string
  readonly systemd: boolean
  readonly tools: boolean
  /** KiB free where programs and where temporary files go. */
  readonly freeKib: { readonly usr: number; readonly tmp: number }
  /** The version of our agent, or null. */
  readonly installed: string | null
  /** The server that its agent reports to, or null. */
  readonly server: string | null
}

/** Prints facts as `key=value`; changes nothing. Runs with root's rights. */
export const LOOK = [
  'echo uid=$(id -u)',
  'echo architecture=$(dpkg --print-architecture 2>/dev/null)',
  '[ -d /run/systemd/system ] && echo systemd=1',
  'command -v apt-get >/dev/null && command -v dpkg >/dev/null && echo tools=1',
  "echo usr=$(df -Pk /usr | awk 'NR == 2 { print $4 }')",
  "echo tmp=$(df -Pk /var/tmp | awk 'NR == 2 { print $4 }')",
  "echo installed=$(dpkg-query -W -f='${db:Status-Status} ${Version}' warder-agent 2>/dev/null | sed -n 's/^installed //p')",
  `echo server=$(sed -n 's/^[[:space:]]*server[[:space:]]*=[[:space:]]*"\\([^"]*\\)".*/\\1/p' /etc/warder/agent.toml 2>/dev/null | head -n 1)`,
].join('; ')

/** What the script printed → facts. What is missing counts as not there. */
export function factsIn(text: string): HostFacts {
  const values = new Map(
    text.split('\n').flatMap((line) => {
      const found = /^(\w+)=(.*)$/.exec(line.trim())
      return found?.[1] === undefined ? [] : [[found[1], (found[2] ?? '').trim()] as const]
    }),
  )
  const numberOf = (key: string): number => Number.parseInt(values.get(key) ?? '', 10) || 0
  const uid = values.get('uid') ?? ''
  return {
    uid: /^\d+$/.test(uid) ? Number(uid) : -1,
    architecture: values.get('architecture') ?? '',
    systemd: values.get('systemd') === '1',
    tools: values.get('tools') === '1',
    freeKib: { usr: numberOf('usr'), tmp: numberOf('tmp') },
    installed: values.get('installed') || null,
    server: values.get('server') || null,
  }
}

/** The package that would be put there. */
export interface Offered {
  readonly architecture: string
  readonly bytes: number
}

/** An unpacked package takes about three times its own room. */
const UNPACKED = 3.5
const SPARE_KIB = 50_000

/** Why nothing can be put on a host, with what to do; null when it can. */
export function whyNot(facts: HostFacts, { architecture, bytes }: Offered): string | null {
  const kib = bytes / 1_024
  const [usr, tmp] = [Math.ceil(kib * UNPACKED) + SPARE_KIB, Math.ceil(kib) + SPARE_KIB]
  const mb = (size: number): string => `${Math.ceil(size / 1_024)} MB`
  if (facts.uid !== 0)
    return 'The user did not become root. Sign in as root, or as a user who may use sudo, with sudoPassword where sudo asks for one.'
  if (!facts.tools) return 'The host has no dpkg and apt-get: only Debian and its kin are supported.'
  if (!facts.systemd) return 'The host does not run systemd, which the agent needs to be started by.'
  if (facts.architecture !== architecture)
    return `The host is of architecture ${shown(facts.architecture)}, the package here is for ${architecture}. Make one with npm run package and install it by hand.`
  if (facts.server !== null)
    return `The host reports to ${shown(facts.server)} already. Remove it there and on the host (apt purge warder-agent) first.`
  if (facts.freeKib.usr < usr)
    return `The host has ${mb(facts.freeKib.usr)} free for programs (/usr) and needs ${mb(usr)}. Make room there.`
  if (facts.freeKib.tmp < tmp)
    return `The host has ${mb(facts.freeKib.tmp)} free in /var/tmp and needs ${mb(tmp)}. Make room there.`
  return null
}

/** What a host says may be anything: bounded and printable. */
const shown = (text: string): string => text.replace(/[^\x20-\x7e]/g, '').slice(0, 80) || 'unknown'

/** A word for a shell: inside single quotes nothing means anything. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

/** The sentence for who asked, from what an SSH client said went wrong. */
export function connectProblem(level: string | undefined, message: string): string {
  if (level === 'client-authentication')
    return 'The host refused the password or the key. Check user and password; root may be allowed with a key only (PermitRootLogin).'
  if (/verification failed|host key/i.test(message))
    return 'The host has another key than the one that was confirmed, so it was told nothing. Ask for its key again, and find out why it changed.'
  if (/passphrase|parse privateKey|Encrypted/i.test(message))
    return 'The private key cannot be read: it is not one that OpenSSH writes, or its passphrase is wrong or missing.'
  return `The host did not answer as an SSH server does: ${shown(message)}. Check host and port.`
}

// What the tests on real parts need from Debian. Installed only where that can be done; else those tests say so.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Package → a file that shows it is there. */
const NEEDED: readonly (readonly [name: string, file: string])[] = [
  ['nftables', '/usr/sbin/nft'],
  ['ipset', '/usr/sbin/ipset'],
  ['iptables', '/usr/sbin/iptables'],
  ['iproute2', '/usr/sbin/ip'],
  ['openssh-server', '/usr/sbin/sshd'],
  ['openssh-client', '/usr/bin/ssh'],
  ['systemd', '/lib/systemd/systemd-journald'],
  ['chromium', '/usr/bin/chromium'],
  ['fonts-dejavu-core', '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'],
  ['curl', '/usr/bin/curl'],
]

/** For the packages that we make, and for systems that are booted with them. */
const FOR_PACKAGES: readonly (readonly [name: string, file: string])[] = [
  ['binutils', '/usr/bin/strip'],
  ['lintian', '/usr/bin/lintian'],
  ['mandoc', '/usr/bin/mandoc'],
  ['zsh', '/usr/bin/zsh'],
  ['fish', '/usr/bin/fish'],
]
const FOR_SYSTEMS: readonly (readonly [name: string, file: string])[] = [
  ['binutils', '/usr/bin/strip'],
  ['systemd-container', '/usr/bin/systemd-nspawn'],
  ['mmdebstrap', '/usr/bin/mmdebstrap'],
]

/** What a part of the tests needs. */
function neededFor(part: string): readonly (readonly [name: string, file: string])[] {
  if (part === 'packages') return FOR_PACKAGES
  if (part === 'cluster') return [...NEEDED, ...FOR_SYSTEMS]
  return part === 'all' ? [...NEEDED, ...FOR_PACKAGES] : NEEDED
}

/** The packages needed for a part of the tests that are not on this machine. */
export const missingPackages = (part: string): readonly string[] =>
  neededFor(part)
    .filter(([, file]) => !existsSync(file) && !existsSync(file.replace(/^\/usr\//, '/')))
    .map(([name]) => name)

/** Installs what is missing, where this is root on Debian; answers what is still missing. */
export function installMissing(part: string): readonly string[] {
  const missing = missingPackages(part)
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return missing
  process.stdout.write(`installing from Debian for the tests: ${missing.join(' ')}\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  apt('update')
  apt('install', '-y', '--no-install-recommends', ...missing)
  return missingPackages(part)
}

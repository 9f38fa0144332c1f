import { existsSync } from 'node:fs'

/** Why the lab of real parts cannot be built here, or null when it can. */
export function labTrouble(
  parts: readonly string[] = [
    '/usr/sbin/nft',
    '/usr/sbin/sshd',
    '/lib/systemd/systemd-journald',
    '/usr/bin/curl',
  ],
): string | null {
  if (process.platform !== 'linux') return 'needs Linux'
  if (process.getuid?.() !== 0) return 'needs root'
  const missing = parts.filter((file) => !existsSync(file))
  return missing.length > 0 ? `needs ${missing.join(', ')}` : null
}

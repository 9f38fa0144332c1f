import { createHash, createHmac } from 'node:crypto'

/** A key that a file of known hosts has for a host. */
export interface KnownKey {
  readonly algorithm: string
  /** As ssh shows it: SHA256:… */
  readonly fingerprint: string
}

/** As ssh shows it. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

/** A host as files of known hosts name it: with its port where that is another one than 22. */
export const knownName = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`

/** The keys that a file of known hosts (sshd(8)) has for any of these names. Patterns and lines with a mark are left out. */
export function keysIn(text: string, names: readonly string[]): readonly KnownKey[] {
  return text.split('\n').flatMap((line) => {
    const [hosts = '', algorithm = '', key = ''] = line.trim().split(/\s+/)
    if (hosts === '' || hosts.startsWith('#') || hosts.startsWith('@') || key === '') return []
    if (!names.some((name) => isNamed(hosts, name))) return []
    return [{ algorithm, fingerprint: fingerprintOf(Buffer.from(key, 'base64')) }]
  })
}

function isNamed(hosts: string, name: string): boolean {
  const hashed = /^\|1\|([^|]+)\|(.+)$/.exec(hosts)
  if (hashed === null) return hosts.toLowerCase().split(',').includes(name)
  const [, salt = '', hash] = hashed
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
}

/** How a key stands to those that are known: another one counts only where it is of the same kind. */
export function standing(key: KnownKey, known: readonly KnownKey[]): 'same' | 'other' | 'unknown' {
  if (known.some(({ fingerprint }) => fingerprint === key.fingerprint)) return 'same'
  return known.some(({ algorithm }) => algorithm === key.algorithm) ? 'other' : 'unknown'
}

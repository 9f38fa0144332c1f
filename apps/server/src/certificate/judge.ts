import type { EpochMs } from '@warder/core'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyPair } from './self-signed.ts'

/** Where a certificate comes from: `tls_cert` of server.toml, the Proxmox node, or the server itself. */
export type CertificateSource = 'configured' | 'node' | 'own'

/** A certificate that the server can use. */
export interface Certificate extends KeyPair {
  readonly source: CertificateSource
  /** SHA-256, as browsers and openssl show it: `AB:CD:…`. */
  readonly fingerprint: string
  readonly endsAt: EpochMs
}

/** So long before its end the server makes its own certificate anew. */
const RENEWAL_MS = 30 * 86_400_000

/** A certificate and a key → what they are together; a sentence when they cannot be used. */
export function judge(source: CertificateSource, { cert, key }: KeyPair): Certificate | string {
  try {
    const read = new X509Certificate(cert)
    if (!read.checkPrivateKey(createPrivateKey(key))) return 'the key belongs to another certificate'
    return { source, cert, key, fingerprint: read.fingerprint256, endsAt: Date.parse(read.validTo) }
  } catch (err) {
    return err instanceof Error ? err.message : String(err)
  }
}

/** Whether a certificate is over. */
export const isOver = ({ endsAt }: Certificate, now: EpochMs): boolean => endsAt <= now

/** Whether the server's own certificate is to be made anew: it ends soon, or this machine has got another name. */
export const isDue = (certificate: Certificate, name: string, now: EpochMs): boolean =>
  certificate.endsAt - now < RENEWAL_MS || new X509Certificate(certificate.cert).checkHost(name) === undefined

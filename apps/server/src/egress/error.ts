/** Why something outside could not be reached or read. */
export type EgressCode =
  | 'url-invalid'
  | 'host-refused'
  | 'host-unknown'
  | 'unreachable'
  | 'tls-invalid'
  | 'too-slow'
  | 'too-large'
  | 'redirected'

/** A failure outside, in words for the operator; never with more of a URL than its host. */
export class EgressError extends Error {
  readonly code: EgressCode
  readonly remedy: string

  constructor(code: EgressCode, message: string, remedy: string) {
    super(message)
    this.code = code
    this.remedy = remedy
  }
}

const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection off',
  EPIPE: 'broke the connection off',
  EHOSTUNREACH: 'cannot be reached from the server',
  ENETUNREACH: 'cannot be reached from the server',
  EADDRNOTAVAIL: 'cannot be reached from the server',
  ETIMEDOUT: 'did not answer',
  EPROTO: 'does not speak TLS there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS there',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'does not speak TLS there',
}
/** What Node calls certificates that cannot be trusted. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/

const codeOf = (err: unknown): string =>
  err instanceof Error && 'code' in err && typeof err.code === 'string' ? err.code : ''

/** Whether another address of the same host may do better. */
export const isAboutAddress = (err: unknown): boolean =>
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ETIMEDOUT|EACCES|EPERM)$/.test(codeOf(err))

/** Any failure of a connection to a host → in words. */
export function toEgressError(err: unknown, host: string): EgressError {
  if (err instanceof EgressError) return err
  const code = codeOf(err)
  if (CERTIFICATE.test(code))
    return new EgressError(
      'tls-invalid',
      `The certificate of ${host} cannot be trusted (${code.toLowerCase().replaceAll('_', ' ')}).`,
      'Give it a certificate that this machine trusts: add its authority to the system and start the server with NODE_USE_SYSTEM_CA=1.',
    )
  const words = CONNECTION[code] ?? 'could not be spoken to'
  return new EgressError(
    'unreachable',
    `${host} ${words}.`,
    'Check host, port and that the server may reach it through its firewall.',
  )
}

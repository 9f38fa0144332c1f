import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Resolve } from '../../egress/resolve.ts'
import { toEgressError } from '../../egress/error.ts'
import { plain } from '../notice.ts'
import type { Outcome } from '../retry.ts'
import type { Means, Occasion } from './call.ts'

export type Email = Means<
  {
    readonly host: string
    readonly port: number
    readonly security: 'starttls' | 'tls' | 'none'
    readonly user: string
    readonly from: string
    readonly to: readonly string[]
  },
  { readonly password?: string | undefined }
>

/** The ports of mail: a server in the same network, or on this machine, may be asked there without more ado. */
const MAIL_PORTS: readonly number[] = [25, 465, 587]

export interface Letter {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: string[]
  readonly subject: string
  readonly text: string
  readonly date: Date
  readonly messageId: string
  readonly headers: Readonly<Record<string, string>>
}

const SEVERITY = { info: '', warning: '[warning] ', critical: '[critical] ' } as const

/** A notification → a letter in plain text; the same message id for every try. */
export function letterOf({ settings }: Email, { notification, id, now }: Occasion): Letter {
  const { title, text, severity } = notification
  const domain = settings.from.split('@').at(-1) ?? 'localhost'
  return {
    from: { name: 'Warder', address: settings.from },
    to: [...settings.to],
    subject: plain(`${SEVERITY[severity]}${title}`, 200),
    text: `${title}\n\n${text}\n`,
    date: new Date(now),
    messageId: `<${id}@${domain}>`,
    headers: { 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All' },
  }
}

/** A failure of nodemailer, as far as it says. */
interface MailFailure {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
  /** The command that failed. */
  readonly command?: string
}

const failed = (message: string, remedy: string, final: boolean): Outcome => ({
  ok: false,
  final,
  message,
  remedy,
})

/** What a mail server answered, or what broke → in words. */
export function mailOutcome(host: string, err: unknown): Outcome {
  const {
    code = '',
    responseCode = 0,
    response = '',
    command,
  } = (err instanceof Error ? err : {}) as MailFailure
  const said = response === '' ? '' : `: “${plain(response, 160)}”`
  // 4xx of SMTP means: later.
  const final = responseCode >= 500
  if (code === 'ETLS' || command === 'STARTTLS')
    return failed(
      `${host} offers no STARTTLS, or its certificate cannot be trusted.`,
      'Check security and port, and the certificate of the server.',
      false,
    )
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return failed(
      `${host} does not accept user and password${said}.`,
      'Check both; many providers want an app password.',
      final,
    )
  if (code === 'EENVELOPE' || code === 'EMESSAGE' || responseCode > 0)
    return failed(
      `${host} did not take the mail${said}.`,
      'Check sender and recipients, and what the server allows.',
      final,
    )
  if (code === 'ETIMEDOUT')
    return failed(
      `${host} did not answer in time.`,
      'Check host, port and security: 465 is tls, 587 is starttls.',
      false,
    )
  const { message, remedy } = toEgressError(underlying(err), host)
  return failed(message, remedy, false)
}

/** nodemailer puts names of its own over those of the system. */
function underlying(err: unknown): unknown {
  if (!(err instanceof Error) || !('code' in err)) return err
  const found = /\bE(CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|PROTO)\b|wrong version number/.exec(
    err.message,
  )
  if (found === null) return err
  return Object.assign(new Error(err.message), { code: found[0].startsWith('E') ? found[0] : 'EPROTO' })
}

export interface MailParts {
  readonly resolve: Resolve
  readonly timeoutMs: number
}

/** Sends a letter over SMTP, to an address that was checked. Never throws. */
export async function sendMail(channel: Email, occasion: Occasion, parts: MailParts): Promise<Outcome> {
  const { host, port, security, user } = channel.settings
  try {
    const alsoPrivate = MAIL_PORTS.includes(port)
    const [address = host] = await parts.resolve(host, { alsoPrivate })
    const transport = createTransport({
      host: address,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(user === '' ? {} : { auth: { user, pass: channel.secrets.password ?? '' } }),
      // The name that the certificate must have; an address is not said in TLS.
      tls: isIP(host) > 0 ? {} : { servername: host },
      connectionTimeout: parts.timeoutMs,
      greetingTimeout: parts.timeoutMs,
      socketTimeout: parts.timeoutMs,
      dnsTimeout: parts.timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    try {
      await transport.sendMail(letterOf(channel, occasion))
    } finally {
      transport.close()
    }
    return { ok: true }
  } catch (err) {
    return mailOutcome(host, err)
  }
}

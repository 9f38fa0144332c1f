import { execFileSync } from 'node:child_process'
import { createHmac, randomBytes, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { codeOf, stepAt } from '../auth/totp.ts'

/** After so many wrong codes in a row Proxmox locks the TOTP of an account. */
const TOTP_LIMIT = 8

/** Somebody whom this Proxmox knows. */
export interface ProxmoxUser {
  readonly password: string
  /** By path: privileges, as `GET /access/permissions` has them. */
  readonly permissions: Readonly<Record<string, readonly string[]>>
  readonly totp?: Buffer
  readonly recovery?: string[]
  readonly webauthn?: boolean
  readonly disabled?: boolean
}

/**
 * Stands in for the API of Proxmox VE on a socket of its own, with TLS: the calls that signing in needs, in the forms
 * of `pve-access-control`: tickets that expire, challenges bound to their user, 401 without a reason, counted TOTP.
 */
export class LabProxmox {
  readonly users = new Map<string, ProxmoxUser>()
  /** What was asked, without bodies: `POST /access/ticket`. */
  readonly asked: string[] = []
  /** Wrong codes in a row, by user. */
  readonly wrongCodes = new Map<string, number>()
  /** Answers in the place of the API, as a node that is broken does. */
  instead: ((response: ServerResponse) => void) | null = null
  readonly url: string
  readonly fingerprint: string
  readonly caFile: string
  readonly #server: Server
  readonly #folder: string
  readonly #now: () => number
  readonly #key = randomBytes(32)

  private constructor(parts: { server: Server; folder: string; now: () => number }) {
    this.#server = parts.server
    this.#folder = parts.folder
    this.#now = parts.now
    this.url = `https://127.0.0.1:${(parts.server.address() as AddressInfo).port}`
    this.caFile = join(parts.folder, 'ca.pem')
    const cert = new X509Certificate(readFileSync(join(parts.folder, 'node.pem')))
    this.fingerprint = cert.fingerprint256
  }

  /** Opens one, with a certificate of 127.0.0.1 that an authority of its own signed. */
  static async open(now: () => number): Promise<LabProxmox> {
    const folder = mkdtempSync(join(tmpdir(), 'warder-pve-'))
    makeCertificates(folder)
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
    const server = createServer({ cert: read('node.pem'), key: read('node.key') })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const lab = new LabProxmox({ server, folder, now })
    server.on('request', (request, response) => void lab.#answer(request, response))
    return lab
  }

  [Symbol.dispose](): void {
    this.#server.closeAllConnections()
    this.#server.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?')
    this.asked.push(`${request.method} ${path.replace('/api2/json', '')}`)
    const form = new URLSearchParams(await text(request))
    if (this.instead !== null) return this.instead(response)
    const send = (status: number, reason: string, data: unknown): void => {
      response.writeHead(status, reason, { 'content-type': 'application/json;charset=UTF-8' })
      response.end(JSON.stringify({ data }))
    }
    if (request.method === 'POST' && path === '/api2/json/access/ticket') {
      const data = this.#ticket(form)
      return data === null ? send(401, 'authentication failure', null) : send(200, 'OK', data)
    }
    if (request.method === 'GET' && path === '/api2/json/access/permissions') {
      const cookie = /PVEAuthCookie=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
      const user = this.#read(decodeURIComponent(cookie), '')
      const known = user === null || user.startsWith('!tfa!') ? undefined : this.users.get(user)
      if (known === undefined) return send(401, 'invalid PVE ticket', null)
      const paths = Object.entries(known.permissions)
      return send(
        200,
        'OK',
        Object.fromEntries(
          paths.map(([at, names]) => [at, Object.fromEntries(names.map((name) => [name, 1]))]),
        ),
      )
    }
    return send(501, `Method '${request.method} ${path}' not implemented`, null)
  }

  #ticket(form: URLSearchParams): object | null {
    const realm = form.get('realm')
    const username = `${form.get('username') ?? ''}${realm === null ? '' : `@${realm}`}`
    const user = this.users.get(username)
    const said = form.get('password') ?? ''
    if (user === undefined || user.disabled === true) return null
    const challenge = form.get('tfa-challenge')
    if (challenge === null) {
      if (said !== user.password) return null
      const factors = {
        ...(user.totp && (this.wrongCodes.get(username) ?? 0) < TOTP_LIMIT ? { totp: true } : {}),
        ...(user.recovery ? { recovery: user.recovery.map((_code, at) => at) } : {}),
        ...(user.webauthn === true ? { webauthn: { publicKey: { rpId: 'pve.example' } } } : {}),
      }
      const needed = user.totp !== undefined || user.recovery !== undefined || user.webauthn === true
      if (!needed) return this.#full(username)
      const ticket = this.#write(`!tfa!${encodeURIComponent(JSON.stringify(factors))}`, username)
      return { username, ticket, CSRFPreventionToken: 'x', NeedTFA: 1 }
    }
    // The challenge is signed together with the name: that of somebody else is no good.
    if (this.#read(challenge, username)?.startsWith('!tfa!') !== true) return null
    return this.#isFactor(username, user, said) ? this.#full(username) : null
  }

  #isFactor(username: string, user: ProxmoxUser, said: string): boolean {
    const [kind = '', ...rest] = said.split(':')
    const value = rest.join(':')
    if (kind === 'recovery') {
      const at = user.recovery?.indexOf(value) ?? -1
      if (at < 0) return false
      user.recovery?.splice(at, 1)
      return true
    }
    if (kind !== 'totp' || user.totp === undefined) return false
    const wrong = this.wrongCodes.get(username) ?? 0
    if (wrong >= TOTP_LIMIT) return false
    const right = [-1, 0, 1].some(
      (later) => codeOf(user.totp ?? this.#key, stepAt(this.#now()) + later) === value,
    )
    this.wrongCodes.set(username, right ? 0 : wrong + 1)
    return right
  }

  #full(username: string): object {
    return {
      username,
      ticket: this.#write(username, ''),
      CSRFPreventionToken: `${this.#stamp()}:x`,
      clustername: 'lab',
      cap: { access: {}, dc: {}, nodes: {}, storage: {}, vms: {} },
    }
  }

  #stamp(): string {
    return Math.floor(this.#now() / 1000)
      .toString(16)
      .toUpperCase()
  }

  #sign(plain: string, bound: string): string {
    return createHmac('sha256', this.#key).update(`${plain}\0${bound}`).digest('base64')
  }

  /** `PVE:data:time::signature` */
  #write(data: string, bound: string): string {
    const plain = `PVE:${data}:${this.#stamp()}`
    return `${plain}::${this.#sign(plain, bound)}`
  }

  /** What a ticket holds, as long as it is not older than two hours. */
  #read(ticket: string, bound: string): string | null {
    const [, plain = '', data = '', stamp = '', signature = ''] =
      /^(PVE:(.*):([0-9A-F]+))::(.+)$/s.exec(ticket) ?? []
    const age = this.#now() / 1000 - Number.parseInt(stamp, 16)
    return signature === this.#sign(plain, bound) && age < 7_200 ? data : null
  }
}

function makeCertificates(folder: string): void {
  const at = (file: string): string => join(folder, file)
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const openssl = (...args: readonly string[]): void =>
    void execFileSync('openssl', [...args], { stdio: 'pipe' })
  openssl('req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=Lab CA')
  openssl(
    ...['req', '-x509', ...key, '-keyout', at('node.key'), '-out', at('node.pem'), '-subj', '/CN=pve1'],
    ...['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1,DNS:pve1'],
  )
}

import type { BanBody, NodeView, SettingsBody } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'

/** Who signs in to the demonstration. */
export const OPERATOR = { name: 'operator', password: 'warder-demo' } as const

/** An operator at the REST API, as scripts and the dashboard use it. */
export class OperatorClient {
  readonly #url: string
  readonly #cookie: string

  private constructor(url: string, cookie: string) {
    this.#url = url
    this.#cookie = cookie
  }

  /** Signs in at the server of this URL. @throws Error with what the server answered */
  static async signIn(
    url: string,
    who: { name: string; password: string } = OPERATOR,
  ): Promise<OperatorClient> {
    const answer = await fetch(new URL(PATHS.session, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(url).origin },
      body: JSON.stringify(who),
    })
    if (!answer.ok) throw new Error(`signing in was answered with ${answer.status}: ${await answer.text()}`)
    const cookie = answer.headers
      .getSetCookie()
      .map((text) => text.split(';')[0])
      .join('; ')
    return new OperatorClient(url, cookie)
  }

  /** What a WebSocket needs to be taken for this operator. */
  get headers(): Readonly<Record<string, string>> {
    return { cookie: this.#cookie, origin: new URL(this.#url).origin }
  }

  /** One request; the answer's JSON. @throws Error with status and text when it is not a success */
  async ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(new URL(path, this.#url), {
      method,
      headers: { ...this.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`)
    return text === '' ? null : JSON.parse(text)
  }

  async nodes(): Promise<readonly NodeView[]> {
    return (await this.ask('GET', PATHS.nodes)) as readonly NodeView[]
  }

  async tune(node: string, jail: string, change: SettingsBody): Promise<void> {
    await this.ask('PUT', PATHS.nodeJailSettings(node, jail), change)
  }

  async ban(order: BanBody): Promise<void> {
    await this.ask('POST', PATHS.bans, order)
  }
}

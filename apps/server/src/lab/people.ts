import type { Role } from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import { codeOf, stepAt } from '../auth/totp.ts'
import { OPERATOR, type Answer, type Lab } from './server.ts'

/** Somebody in a browser of their own: it keeps cookies as browsers do. */
export class Person {
  readonly name: string
  password: string
  readonly #lab: Lab
  readonly #cookies = new Map<string, string>()

  constructor(lab: Lab, name: string, password: string = OPERATOR.password) {
    this.#lab = lab
    this.name = name
    this.password = password
  }

  /** A browser in which nobody ever signed in, in the hands of the same person. */
  elsewhere(): Person {
    return new Person(this.#lab, this.name, this.password)
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await this.#lab.call(method, path, {
      body,
      headers: { origin: this.#lab.url, ...(cookie === '' ? {} : { cookie }), ...headers },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return answer
  }

  signIn(over: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('POST', PATHS.session, { name: this.name, password: this.password, ...over }, headers)
  }

  async isIn(): Promise<boolean> {
    return (await this.ask('GET', PATHS.session)).body.state === 'signed-in'
  }
}

/** Somebody with an account, signed in. */
export async function personIn(lab: Lab, name: string, role: Role): Promise<Person> {
  await lab.server.createOperator(name, OPERATOR.password, role)
  const person = new Person(lab, name)
  await person.signIn()
  return person
}

/** An app that makes codes, as it is after its camera saw the QR code of `uri`. */
export class Authenticator {
  readonly #key: Buffer
  readonly #now: () => number

  constructor(now: () => number, uri: string) {
    this.#now = now
    this.#key = fromBase32(new URL(uri).searchParams.get('secret') ?? '')
  }

  /** The code now, or so many steps later. */
  code(later = 0): string {
    return codeOf(this.#key, stepAt(this.#now()) + later)
  }

  /** A code that is surely wrong now. */
  wrong(): string {
    const right = [-1, 0, 1].map((later) => this.code(later))
    return ['000000', '111111', '222222', '333333'].find((code) => !right.includes(code)) ?? ''
  }
}

/** Base32 → bytes, written apart from what is tested. */
function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** Adds a second factor; answers the app and the recovery codes. */
export async function addFactor(
  lab: Lab,
  person: Person,
): Promise<{ readonly app: Authenticator; readonly recovery: readonly string[] }> {
  const offer = await person.ask('POST', PATHS.ownTotp, { password: person.password })
  const app = new Authenticator(() => lab.clock.now(), offer.body.uri)
  const { body } = await person.ask('PUT', PATHS.ownTotp, { code: app.code() })
  return { app, recovery: body.codes }
}

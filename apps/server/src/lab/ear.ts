import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** What somebody was told. */
export interface Heard {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** A real HTTP server that hears, and answers with what it is set to. */
export interface Ear {
  readonly url: string
  readonly heard: Heard[]
  answer: { status: number; headers?: Record<string, string>; body?: string }
}

/** A real mail server: user `warder`, password `right`; it knows everybody but `nobody`. */
export interface Letterbox {
  readonly port: number
  readonly letters: string[]
  readonly recipients: string[]
}

/** Opens ears and letterboxes; dispose to close them. */
export class Ears {
  readonly #open: (Server | SMTPServer)[] = []

  async http(): Promise<Ear> {
    const heard: Heard[] = []
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        heard.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
        response.writeHead(ear.answer.status, ear.answer.headers).end(ear.answer.body)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.#open.push(server)
    const { port } = server.address() as AddressInfo
    const ear: Ear = { url: `http://127.0.0.1:${port}`, heard, answer: { status: 200 } }
    return ear
  }

  async mail(): Promise<Letterbox> {
    const letters: string[] = []
    const recipients: string[] = []
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        if (username === 'warder' && password === 'right') done(null, { user: username })
        else done(new Error('Invalid username or password'))
      },
      onRcptTo({ address }, _session, done) {
        if (address.startsWith('nobody'))
          return done(Object.assign(new Error('No such user'), { responseCode: 550 }))
        recipients.push(address)
        done()
      },
      onData(stream, _session, done) {
        void text(stream).then((letter) => {
          letters.push(letter)
          done()
        })
      },
    })
    server.on('error', () => {})
    this.#open.push(server)
    server.listen(0, '127.0.0.1')
    await once(server.server, 'listening')
    return { port: (server.server.address() as AddressInfo).port, letters, recipients }
  }

  [Symbol.dispose](): void {
    for (const server of this.#open.splice(0)) server.close(() => {})
  }
}

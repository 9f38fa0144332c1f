import { chmod, mkdir, unlink } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Logger } from '@warder/daemon'
import {
  CONTROL_REQUEST_LIMIT_BYTES,
  controlRequest,
  type ControlAnswer,
  type ControlRequest,
} from '@warder/protocol/control'
import { linesOf } from './lines.ts'

const PATIENCE_MS = 10_000

interface Parts {
  readonly path: string
  readonly log: Logger
  readonly answer: (request: ControlRequest) => Promise<ControlAnswer>
}

/** Where the command line talks to the agent: one JSON object in a line each way, for long answers in several. Root and the group may. */
export class ControlSocket {
  readonly #parts: Parts
  readonly #server: Server
  readonly #open = new Set<Socket>()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#server = createServer((socket) => this.#accept(socket))
  }

  /** Listens. @throws when another agent does already */
  async start(): Promise<void> {
    const { path } = this.#parts
    await mkdir(dirname(path), { recursive: true, mode: 0o750 })
    if (await isAnswered(path)) throw new Error(`another agent is running: it answers at ${path}`)
    // What is left is the socket of an agent that died.
    await unlink(path).catch(ifMissing)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#server.once('error', reject)
    this.#server.listen(path, () => resolve())
    await promise
    await chmod(path, 0o660)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    for (const socket of this.#open) socket.destroy()
    await promise
  }

  #accept(socket: Socket): void {
    this.#open.add(socket)
    let text = ''
    let isAsked = false
    socket.setEncoding('utf8')
    socket.setTimeout(PATIENCE_MS, () => socket.destroy())
    socket.on('error', () => {})
    socket.on('close', () => this.#open.delete(socket))
    socket.on('data', (chunk: string) => {
      if (isAsked) return
      text += chunk
      const end = text.indexOf('\n')
      if (end < 0 && text.length <= CONTROL_REQUEST_LIMIT_BYTES) return
      isAsked = true
      // Carrying out may take longer than a silent stranger is given.
      socket.setTimeout(0)
      void this.#answer(text.slice(0, Math.max(end, 0)))
        .then((answer) => pipeline(linesOf(answer), socket))
        // Who asked does not listen any more.
        .catch(() => socket.destroy())
    })
  }

  async #answer(line: string): Promise<ControlAnswer> {
    const request = parseRequest(line)
    if (!request)
      return {
        ok: false,
        message: 'the request is not understood',
        remedy: 'Use the same release of the agent and the command line.',
      }
    try {
      return await this.#parts.answer(request)
    } catch (err) {
      this.#parts.log.error({ code: 'control.failed', err }, 'a request of the command line failed')
      return {
        ok: false,
        message: err instanceof Error ? err.message : String(err),
        remedy: 'Look into the log of the agent.',
      }
    }
  }
}

function parseRequest(line: string): ControlRequest | null {
  try {
    const checked = controlRequest.safeParse(JSON.parse(line))
    return checked.success ? checked.data : null
  } catch {
    return null
  }
}

/** Whether a process listens at the socket. */
function isAnswered(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(path)
  socket.on('connect', () => resolve(true))
  socket.on('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

function ifMissing(err: unknown): void {
  if (!(err instanceof Error && 'code' in err && err.code === 'ENOENT')) throw err
}

import type { WebSocket } from '@fastify/websocket'
import {
  CHANNEL_LABEL,
  CHANNEL_LENGTH_BYTES,
  channelBytes,
  CLOSE,
  LINK_PATH,
  LINK_VERSION,
  toFrame,
  VERSION_HEADER,
} from '@warder/protocol'
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { AppError } from '@warder/protocol'
import type { App } from '../http/app.ts'
import { addressOf } from '../http/client-address.ts'
import type { Session } from './session.ts'
import { makeWelcome, type LinkParts } from './welcome.ts'

/** How long, and how much, an agent may talk before it has said who it is. */
export const GREETING_LIMIT_MS = 10_000
export const GREETING_LIMIT_BYTES = 16_384
/** Most connections that have not said who they are; more are turned away at once. */
const GREETING_LIMIT_COUNT = 256

/** Older agents know nothing of it, and would take it for a mistake. */
const asksForChannel = (headers: IncomingHttpHeaders): boolean => VERSION_HEADER in headers

const NO_CONTEXT = Buffer.alloc(0)

const textOf = (data: Buffer): string => data.toString('utf8')

/** Accepts agents on the link: challenges them, and hands their first message to be welcomed or refused. */
export function linkGateway(app: App, parts: LinkParts): void {
  const welcome = makeWelcome(parts)
  let strangers = 0

  /** Limits a stranger in time and bytes; dispose when they are known, or gone. */
  const watch = (socket: WebSocket, raw: Socket): Disposable => {
    strangers++
    let bytes = 0
    const count = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > GREETING_LIMIT_BYTES) socket.terminate()
    }
    // Counted as they come in, before they are read: the limit of the socket itself is that of a known agent.
    raw.prependListener('data', count)
    const patience = parts.clock.after(GREETING_LIMIT_MS, () => socket.terminate())
    let watching = true
    return {
      [Symbol.dispose]() {
        if (!watching) return
        watching = false
        strangers--
        raw.off('data', count)
        patience[Symbol.dispose]()
      },
    }
  }

  /** Says with the server's key that this connection ends here, whatever certificate it shows. */
  const channelOf = (raw: TLSSocket, serverNonce: string): string => {
    const exported = raw
      .exportKeyingMaterial(CHANNEL_LENGTH_BYTES, CHANNEL_LABEL, NO_CONTEXT)
      .toString('base64')
    return parts.identity.sign(channelBytes({ serverNonce, exported }))
  }

  const accept = (socket: WebSocket, raw: Socket, vouches: boolean, address: string): void => {
    if (strangers >= GREETING_LIMIT_COUNT) return socket.close(1013, 'too many at once')
    const watched = watch(socket, raw)
    const challenge = { nonce: randomBytes(32).toString('base64'), key: parts.identity.key }
    let session: Session | null = null
    socket.on('close', () => watched[Symbol.dispose]())
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (socket.readyState !== socket.OPEN) return
      if (isBinary) return socket.close(CLOSE.protocol, 'frames must be text')
      if (session) return session.take(textOf(data))
      watched[Symbol.dispose]()
      try {
        session = welcome({ socket, address, challenge }, textOf(data))
      } catch (err) {
        parts.log.error({ err }, 'an agent could not be welcomed')
        socket.close(1011, 'the server made a mistake')
      }
    })
    const channel = vouches && raw instanceof TLSSocket ? { channel: channelOf(raw, challenge.nonce) } : {}
    socket.send(toFrame({ kind: 'challenge', version: LINK_VERSION, ...challenge, ...channel }))
  }

  app.route({
    method: 'GET',
    url: LINK_PATH,
    config: { access: 'link' },
    schema: { hide: true },
    handler: () => {
      throw new AppError('input.invalid', 'This path speaks WebSocket, and agents only.')
    },
    wsHandler: (socket, request) => {
      accept(socket, request.raw.socket, asksForChannel(request.headers), addressOf(request))
    },
  })
}

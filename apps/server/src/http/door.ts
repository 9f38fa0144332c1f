import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { createServer as createTls } from 'node:tls'
import type { KeyPair } from '../certificate/self-signed.ts'

/** Where connections come in, before anything is known of them. */
export interface Door {
  /** Shows another certificate from the next connection on. */
  show(pair: KeyPair): void
  /** Ends what is still connected. */
  close(): void
}

/** The first byte of TLS is that of a handshake record; no method of HTTP begins with it (RFC 8446, 5.1). */
const HANDSHAKE = 0x16

/**
 * Lets a server speak https and http on its one port, told apart by the first byte that comes in. Who may be answered
 * over http is for the routes to say (`plain.ts`).
 * @param patience ms until the first byte, and again for the handshake
 */
export function openDoor(server: Server, pair: KeyPair, patience: number): Door {
  const takers = server.listeners('connection')
  const serve = (socket: Socket): void => takers.forEach((take) => void take.call(server, socket))
  const secure = createTls({ ...pair, ALPNProtocols: ['http/1.1'], handshakeTimeout: patience }, serve)
  secure.on('tlsClientError', (_err, socket) => socket.destroy())
  const inside = new Set<Socket>()

  const sort = (socket: Socket, first: Buffer): void => {
    socket.setTimeout(0)
    socket.unshift(first)
    if (first[0] === HANDSHAKE) secure.emit('connection', socket)
    else serve(socket)
  }

  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    const giveUp = (): void => void socket.destroy()
    inside.add(socket)
    socket.on('close', () => inside.delete(socket))
    socket.on('error', giveUp)
    socket.setTimeout(patience, giveUp)
    // Not as `data`: the stream would flow on beside whoever takes the connection then.
    socket.once('readable', () => {
      const first: Buffer | null = socket.read()
      if (first === null) return giveUp()
      socket.off('timeout', giveUp)
      sort(socket, first)
    })
  })
  return {
    show: (next) => secure.setSecureContext(next),
    close() {
      for (const socket of inside) socket.destroy()
    },
  }
}

import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { FRAME_LIMIT_BYTES } from '@warder/protocol'
import { WebSocket } from 'ws'

const HANDSHAKE_LIMIT_MS = 10_000

/** How the server's certificate is judged; neither: by the system's authorities. */
export interface Trust {
  /** Certificate authorities, PEM. */
  readonly ca?: string
  /** SHA-256 of the certificate itself, in any spelling of hexadecimal digits; then nobody has to have signed it. */
  readonly fingerprint?: string
}

/** Opens a WebSocket to the server. A certificate that is not the pinned one ends it with an error before anything is sent. */
export function dial(url: URL, trust: Trust): WebSocket {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: FRAME_LIMIT_BYTES,
    handshakeTimeout: HANDSHAKE_LIMIT_MS,
    followRedirects: false,
    ...(trust.ca === undefined ? {} : { ca: trust.ca }),
    ...(trust.fingerprint === undefined ? {} : { rejectUnauthorized: false }),
  })
  if (trust.fingerprint !== undefined) {
    const pinned = plain(trust.fingerprint)
    socket.on('upgrade', ({ socket: raw }: IncomingMessage) => {
      const seen = raw instanceof TLSSocket ? raw.getPeerCertificate().fingerprint256 : ''
      if (plain(seen) === pinned) return
      socket.emit('error', new Error('the certificate of the server is not the pinned one'))
      socket.terminate()
    })
  }
  return socket
}

const plain = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase()

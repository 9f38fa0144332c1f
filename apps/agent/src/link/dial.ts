import type { ClientRequest, IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import {
  CHANNEL_LABEL,
  CHANNEL_LENGTH_BYTES,
  FRAME_LIMIT_BYTES,
  LINK_VERSION,
  VERSION_HEADER,
} from '@warder/protocol'
import { WebSocket } from 'ws'

const HANDSHAKE_LIMIT_MS = 10_000
const NO_CONTEXT = Buffer.alloc(0)

/** How the server's certificate is judged; neither: by the system's authorities, else by the key of the server. */
export interface Trust {
  /** Certificate authorities, PEM. */
  readonly ca?: string
  /** SHA-256 of the certificate itself, in any spelling of hexadecimal digits; then nobody has to have signed it. */
  readonly fingerprint?: string
}

/** A WebSocket to the server that is being opened. */
export interface Dialled {
  readonly socket: WebSocket
  /**
   * Once it is open: what the server has to vouch for with its key (base64, see channelBytes()), since nobody else
   * vouches for its certificate. Null: nothing.
   */
  unvouched(): string | null
}

/** Opens a WebSocket to the server. A certificate that is not the pinned one ends it with an error before anything is sent. */
export function dial(url: URL, trust: Trust): Dialled {
  const strict = trust.ca !== undefined && trust.fingerprint === undefined
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: FRAME_LIMIT_BYTES,
    handshakeTimeout: HANDSHAKE_LIMIT_MS,
    followRedirects: false,
    headers: { [VERSION_HEADER]: String(LINK_VERSION) },
    rejectUnauthorized: strict,
    ...(trust.ca === undefined ? {} : { ca: trust.ca }),
  })
  let unvouched: string | null = null
  const give = (up: string): void => {
    socket.emit('error', new Error(up))
    socket.terminate()
  }
  socket.on('upgrade', ({ socket: raw }: IncomingMessage) => {
    if (!(raw instanceof TLSSocket)) return
    if (trust.fingerprint !== undefined) {
      const pinned = plain(trust.fingerprint) === plain(raw.getPeerCertificate().fingerprint256)
      if (!pinned) give('the certificate of the server is not the pinned one')
    } else if (!raw.authorized) {
      // Older versions of TLS derive bytes that somebody between both ends may know.
      if (raw.getProtocol() !== 'TLSv1.3') give('the server speaks an older TLS than 1.3')
      else
        unvouched = raw
          .exportKeyingMaterial(CHANNEL_LENGTH_BYTES, CHANNEL_LABEL, NO_CONTEXT)
          .toString('base64')
    }
  })
  socket.on('unexpected-response', (request: ClientRequest, { statusCode = 0 }: IncomingMessage) => {
    request.destroy()
    const remedy = url.protocol === 'ws:' ? '; where it wants https, write wss:// in place of ws://' : ''
    give(`the server answered ${statusCode} in place of opening the link${remedy}`)
  })
  return { socket, unvouched: () => unvouched }
}

const plain = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase()

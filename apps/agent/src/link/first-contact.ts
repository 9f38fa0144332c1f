import type { Clock } from '@warder/daemon'
import { LINK_PATH, parseDown, toFrame } from '@warder/protocol'
import type { Identity } from '../state/identity.ts'
import { dial, type Trust } from './dial.ts'
import { greet, type Greeting, type Introduction } from './greeting.ts'
import { linkUrl } from './link-state.ts'

const LIMIT_MS = 30_000

interface Options {
  readonly server: string
  readonly trust: Trust
  readonly identity: Identity
  readonly introduction: Omit<Introduction, 'unvouched'>
  readonly clock: Clock
}

/**
 * Greets a server once and settles who it is and what it calls this node, without sending anything else.
 * @throws Error in the operator's words when it cannot be reached, is another server, or refuses
 */
export async function firstContact({ server, trust, identity, introduction, clock }: Options): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const { socket, unvouched } = dial(linkUrl(server, LINK_PATH), trust)
  using _ = clock.after(LIMIT_MS, () =>
    reject(new Error(`${server} did not answer within ${LIMIT_MS / 1_000} s`)),
  )
  let greeting: Greeting | null = null
  let serverKey = ''
  socket.on('error', (err: Error) =>
    reject(new Error(`${server} cannot be reached: ${err.message}`, { cause: err })),
  )
  socket.on('close', (code: number) => reject(new Error(`${server} closed the connection (code ${code})`)))
  socket.on('message', (data: Buffer) => {
    const parsed = parseDown(data.toString('utf8'))
    if (!parsed.ok) return reject(new Error(`${server} is no server of Warder: ${parsed.problem}`))
    const { message } = parsed
    if (message.kind === 'refused') return reject(new Error(message.message))
    if (message.kind === 'challenge' && !greeting) {
      const begun = greet(message, identity, { ...introduction, unvouched: unvouched() })
      if (!begun.ok) return reject(new Error(begun.reason))
      greeting = begun.greeting
      serverKey = message.key
      return socket.send(toFrame(greeting.hello))
    }
    if (message.kind === 'welcome' && greeting) {
      if (!greeting.isFrom(message))
        return reject(new Error(`${server} could not prove that it holds the server's key`))
      identity.settle({ node: message.node, serverKey, join: greeting.join })
      resolve()
    }
  })
  try {
    await promise
  } finally {
    socket.close()
  }
}

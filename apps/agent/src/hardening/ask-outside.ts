import { connect } from 'node:net'
import { hardenOutcome, type HardenOutcome } from '@warder/protocol'
import type { HelperRequest } from './request.ts'

const PATIENCE_MS = 60_000
const LONGEST = 65_536

/** Asks the helper, which systemd starts for each that connects, for a change → what became of it; null: there is no helper here. @throws when it says nothing */
export function askHelper(path: string, request: HelperRequest): Promise<HardenOutcome | null> {
  const { promise, resolve, reject } = Promise.withResolvers<HardenOutcome | null>()
  let text = ''
  const socket = connect(path)
  socket.setEncoding('utf8')
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('the helper did not answer in time')))
  socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
  socket.on('data', (chunk: string) => {
    text += chunk
    if (text.length > LONGEST) socket.destroy(new Error('the answer of the helper is too large'))
  })
  socket.on('error', (err) => {
    const isAbsent = 'code' in err && (err.code === 'ENOENT' || err.code === 'ECONNREFUSED')
    if (isAbsent) resolve(null)
    else reject(err)
  })
  socket.on('close', () => {
    try {
      resolve(hardenOutcome.parse(JSON.parse(text)))
    } catch {
      reject(new Error('the helper gave no answer; journalctl -u "warder-harden@*" has more'))
    }
  })
  return promise
}

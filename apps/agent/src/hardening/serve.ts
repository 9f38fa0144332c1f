import type { Readable } from 'node:stream'
import { realpath } from 'node:fs/promises'
import type { HardenOutcome } from '@warder/protocol'
import { appendLine } from '../doctor/write-line.ts'
import type { Hardener } from './hardener.ts'
import { helperRequest } from './request.ts'

const LONGEST = 4_096

/** Takes one request from who asked the helper → what became of it. Only what is listed can be asked for. */
export async function serveOne(input: Readable, hardener: Hardener): Promise<HardenOutcome> {
  let text = ''
  // Where it is a socket the answer goes back on it.
  const chunks: AsyncIterable<unknown> = input.setEncoding('utf8').iterator({ destroyOnReturn: false })
  for await (const chunk of chunks) {
    text += String(chunk)
    if (text.includes('\n') || text.length > LONGEST) break
  }
  try {
    const request = helperRequest.parse(JSON.parse(text))
    if (request.action === 'append') return await append(request)
    return await (request.action === 'apply' ? hardener.apply(request.id) : hardener.restore(request.id))
  } catch (err) {
    const message = (err instanceof Error ? err.message : String(err)).slice(0, 2_000)
    return { ok: false, message, remedy: 'Look into the journal of the node.' }
  }
}

/** A link below /var/log may lead elsewhere: what lies elsewhere is not written to. */
async function append({
  path,
  line,
}: {
  readonly path: string
  readonly line: string
}): Promise<HardenOutcome> {
  const place = await realpath(path)
  if (!place.startsWith('/var/log/'))
    return {
      ok: false,
      message: `${path} leads out of /var/log`,
      remedy: 'The helper writes to logs below it only.',
    }
  await appendLine(place, line)
  return { ok: true, said: 'It is written.' }
}

import type { Readable } from 'node:stream'
import type { HardenOutcome } from '@warder/protocol'
import { writeAs } from '../doctor/write-as.ts'
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
    if (request.action === 'entry') {
      await writeAs(request.fields, { ...request.author, transport: 'journal' })
      return { ok: true, said: 'It is written.' }
    }
    return await (request.action === 'apply' ? hardener.apply(request.id) : hardener.restore(request.id))
  } catch (err) {
    const message = (err instanceof Error ? err.message : String(err)).slice(0, 2_000)
    return { ok: false, message, remedy: 'Look into the journal of the node.' }
  }
}

async function append({
  path,
  line,
}: {
  readonly path: string
  readonly line: string
}): Promise<HardenOutcome> {
  await appendLine(path, line, '/var/log/')
  return { ok: true, said: 'It is written.' }
}

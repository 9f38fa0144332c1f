import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fill, ipOf, JAILS } from './fill.ts'
import { p95, placeOf, prepare, signIn, startServer, type Place } from './process.ts'

export interface HistoryFigures {
  readonly rows: number
  readonly history_mb: number
  readonly start_ms: number
  readonly query_p95_ms: number
  readonly queries: Readonly<Record<string, number>>
  readonly rss_mb: number
}

const RUNS = 30

/** Asks a history of so many failures what the dashboard asks, as it asks it. */
export async function measureHistory(
  folder: string,
  { rows, say }: { rows: number; say(text: string): void },
): Promise<HistoryFigures> {
  const place = await placeIn(folder, { rows, say })
  const server = await startServer(place)
  try {
    const cookie = await signIn(server.url)
    const queries: Record<string, number> = {}
    const all: number[] = []
    for (const [name, path] of Object.entries(queriesOf())) {
      const took: number[] = []
      for (let run = 0; run < RUNS; run++) {
        const began = performance.now()
        const answer = await fetch(server.url + path(run), { headers: { cookie } })
        const text = await answer.text()
        if (!answer.ok) throw new Error(`${name}: ${text}`)
        took.push(performance.now() - began)
      }
      // The first one starts the threads that read.
      const warm = took.slice(1)
      all.push(...warm)
      queries[name] = Math.round(p95(warm) * 10) / 10
    }
    return {
      rows,
      history_mb: Math.round(statSync(place.history).size / 1_000_000),
      start_ms: Math.round(server.startMs),
      query_p95_ms: Math.round(p95(all) * 10) / 10,
      queries,
      rss_mb: Math.round(await server.rssMb()),
    }
  } finally {
    await server.stop()
  }
}

/** A filled history; one that a measurement before this one filled in the same folder is taken as it is. */
async function placeIn(
  folder: string,
  { rows, say }: { rows: number; say(text: string): void },
): Promise<Place> {
  const filled = join(folder, `filled-${rows}`)
  if (existsSync(filled)) return placeOf(folder)
  const { place } = await prepare(folder, 0)
  say(`${rows} failures are written into history`)
  await fill(place.history, rows, say)
  writeFileSync(filled, '')
  return place
}

function queriesOf(): Readonly<Record<string, (run: number) => string>> {
  const api = '/api/v1'
  const jail = (run: number) => JAILS[run % JAILS.length] ?? 'sshd'
  const back = (run: number) =>
    Buffer.from(`${Date.now() - (run + 1) * 43_200_000}.${Number.MAX_SAFE_INTEGER}`).toString('base64url')
  return {
    overview: () => `${api}/overview`,
    'timeline of a day': () => `${api}/timeline?hours=24`,
    'timeline of a month': () => `${api}/timeline?hours=744`,
    nodes: () => `${api}/nodes`,
    jails: () => `${api}/jails`,
    'active bans': () => `${api}/bans?active=true&limit=100`,
    'all bans': () => `${api}/bans?limit=100`,
    'bans of a node, weeks ago': (run) =>
      `${api}/bans?node=node${(run % 50) + 1}&cursor=${back(run)}&limit=100`,
    'bans with a part of a word': (run) => `${api}/bans?search=${ipOf(run * 53).slice(0, 9)}&limit=100`,
    'bans of an address': (run) => `${api}/bans?ip=${ipOf(run * 97)}`,
    'newest events': () => `${api}/events?limit=100`,
    'events of kinds': () => `${api}/events?kind=ban.added,ban.lifted,failure.found&limit=100`,
    'events of an address': (run) => `${api}/events?ip=${ipOf(run * 131)}&limit=100`,
    'events of a jail, weeks ago': (run) => `${api}/events?jail=${jail(run)}&cursor=${back(run)}&limit=100`,
    'events with a word': (run) => `${api}/events?q=user${run}&limit=100`,
    'events with a word everywhere': () => `${api}/events?q=password&limit=100`,
    'events with two words': (run) => `${api}/events?q=user${run}+port+${1_000 + run * 5_000}&limit=100`,
    'events with a beginning of a word': (run) => `${api}/events?q=user${run % 10}*&limit=100`,
    'events with a word of a node': (run) =>
      `${api}/events?q=failed&node=node${(run % 50) + 1}&jail=sshd&limit=100`,
    'events with an address in the line': (run) => `${api}/events?q=${ipOf(run * 89)}&limit=100`,
    'largest addresses of a day': () => `${api}/addresses?hours=24`,
    'largest addresses of a month': () => `${api}/addresses?hours=720`,
    'one address over a month': (run) => `${api}/addresses/${ipOf(run * 7)}?hours=720`,
    countries: () => `${api}/countries?hours=720`,
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureHistory, type HistoryFigures } from './history.ts'
import { measureLoad, type LoadFigures } from './load.ts'

export interface ServerOptions {
  readonly agents: number
  readonly rate: number
  readonly seconds: number
  /** Failures in history; several: one measurement of each. */
  readonly rows: readonly number[]
  /** A folder in which filled histories are kept, to be measured again; null: they go when the bench ends. */
  readonly keep: string | null
  say(text: string): void
}

export interface ServerFigures {
  readonly load: LoadFigures | null
  readonly history: readonly HistoryFigures[]
}

/** Measures the server under load, and with much in its history. No agents or no rows: that part is left out. */
export async function measureServer(options: ServerOptions): Promise<ServerFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'warder-bench-'))
  try {
    const load = options.agents === 0 ? null : (await measureLoad(join(folder, 'load'), options)).figures
    const history: HistoryFigures[] = []
    for (const rows of options.rows) {
      const at = join(options.keep ?? folder, `history-${rows}`)
      history.push(await measureHistory(at, { rows, say: options.say }))
      if (options.keep === null) rmSync(at, { recursive: true, force: true })
    }
    return { load, history }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

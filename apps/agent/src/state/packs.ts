import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Db } from './open.ts'

/** So many values are worth to be packed together; fewer take less as they are. */
export const WORTH_PACKING = 8
/** Values of one pack: who wants one of them unpacks all. */
export const MOST_VALUES = 256
/** Characters of a pack, and how many values may go beyond it: they are written out together. */
const MOST_CHARACTERS = 131_072
const TOGETHER = 16

/** Where a value lies. */
export interface Place {
  readonly pack: number
  readonly place: number
}

/** Values that lie in one pack, from its first place on. */
export interface Packed {
  readonly pack: number
  readonly values: number
}

/** Values of JSON that are kept together and squeezed: what a flood leaves behind repeats itself. */
export interface Packs {
  /** Keeps values in order → the packs that they lie in. */
  put(values: readonly unknown[]): readonly Packed[]
  /** A value; undefined where it is gone. Those that lie together are best asked for one after the other. */
  get(place: Place): unknown
  /** Drops packs that nobody refers to. */
  tidy(): void
}

export function packsStore(db: Db): Packs {
  const insert = db.prepare('INSERT INTO packs (texts) VALUES (?)')
  const get = db.prepare<[number], Buffer>('SELECT texts FROM packs WHERE id = ?').pluck()
  const drop = db.prepare(
    `DELETE FROM packs WHERE id NOT IN (SELECT pack FROM bans WHERE pack IS NOT NULL)
      AND id NOT IN (SELECT pack FROM outbox WHERE pack IS NOT NULL)`,
  )
  let last: { pack: number; values: readonly unknown[] } | null = null

  function unpacked(pack: number): readonly unknown[] {
    if (last?.pack === pack) return last.values
    const bytes = get.get(pack)
    const values = bytes === undefined ? [] : read(inflateRawSync(bytes).toString('utf8'))
    last = { pack, values }
    return values
  }

  return {
    put(values) {
      // A number may come again after a rollback.
      last = null
      const all: Packed[] = []
      for (let at = 0; at < values.length;) {
        const { text, count } = write(values, at)
        const pack = Number(insert.run(deflateRawSync(text, { level: 1 })).lastInsertRowid)
        all.push({ pack, values: count })
        at += count
      }
      return all
    },
    get: ({ pack, place }) => unpacked(pack)[place],
    tidy() {
      last = null
      drop.run()
    },
  }
}

/** As many values as go into a pack, as a list of JSON. Some at a time: a call for each one costs more than all the rest. */
function write(values: readonly unknown[], from: number): { readonly text: string; readonly count: number } {
  let text = ''
  let count = 0
  const most = Math.min(MOST_VALUES, values.length - from)
  while (count < most && text.length < MOST_CHARACTERS) {
    const some = values.slice(from + count, from + Math.min(count + TOGETHER, most))
    text += `${text === '' ? '[' : ','}${JSON.stringify(some).slice(1, -1)}`
    count += some.length
  }
  return { text: `${text}]`, count }
}

/** In state files of early agents each value is a line of its own. */
function read(text: string): readonly unknown[] {
  const list: unknown = JSON.parse(text.startsWith('[') ? text : `[${text.replaceAll('\n', ',')}]`)
  return Array.isArray(list) ? list : []
}

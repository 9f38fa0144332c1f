import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Db } from './open.ts'

/** So many texts are worth to be packed together; fewer take less as they are. */
export const WORTH_PACKING = 8
/** Texts and characters of one pack: who wants one of them unpacks all. */
export const MOST_TEXTS = 256
const MOST_CHARACTERS = 131_072

/** Where a text lies. */
export interface Place {
  readonly pack: number
  readonly place: number
}

/** Texts that are kept together and squeezed: what a flood leaves behind repeats itself. */
export interface Packs {
  /** Keeps texts, which have no line feeds → their places, in order. */
  put(texts: readonly string[]): readonly Place[]
  /** A text; null where it is gone. Those that lie together are best asked for one after the other. */
  get(place: Place): string | null
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
  let last: { pack: number; texts: readonly string[] } | null = null

  function unpacked(pack: number): readonly string[] {
    if (last?.pack === pack) return last.texts
    const bytes = get.get(pack)
    const texts = bytes === undefined ? [] : inflateRawSync(bytes).toString('utf8').split('\n')
    last = { pack, texts }
    return texts
  }

  return {
    put(texts) {
      // A number may come again after a rollback.
      last = null
      const places: Place[] = []
      for (const some of inPacks(texts)) {
        const bytes = deflateRawSync(some.join('\n'), { level: 1 })
        const pack = Number(insert.run(bytes).lastInsertRowid)
        for (let place = 0; place < some.length; place++) places.push({ pack, place })
      }
      return places
    },
    get: ({ pack, place }) => unpacked(pack)[place] ?? null,
    tidy() {
      last = null
      drop.run()
    },
  }
}

function* inPacks(texts: readonly string[]): Generator<readonly string[]> {
  let some: string[] = []
  let characters = 0
  for (const text of texts) {
    if (some.length > 0 && (some.length >= MOST_TEXTS || characters + text.length > MOST_CHARACTERS)) {
      yield some
      some = []
      characters = 0
    }
    some.push(text)
    characters += text.length
  }
  if (some.length > 0) yield some
}

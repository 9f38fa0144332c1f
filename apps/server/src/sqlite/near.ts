import Database from 'better-sqlite3'

/** How the index of words cuts text into words: see migrations/0008-history.sql. */
const WORDS_ARE = `"unicode61 remove_diacritics 2 tokenchars '.:'"`

/** Some events, newest first, and the words in them. */
export interface Worded {
  readonly seq: number
  readonly words: string
}

/** Makes a search through a few events, by the rules of the index and without it: they are taken into memory for it. */
export function makeNear(): (events: readonly Worded[], match: string) => readonly number[] {
  const db = new Database(':memory:')
  db.exec(`CREATE VIRTUAL TABLE near USING fts5 (words, content = '', tokenize = ${WORDS_ARE})`)
  const add = db.prepare<[number, string]>('INSERT INTO near (rowid, words) VALUES (?, ?)')
  const clear = db.prepare(`INSERT INTO near (near) VALUES ('delete-all')`)
  const find = db
    .prepare<[string], number>('SELECT rowid FROM near WHERE near MATCH ? ORDER BY rowid DESC')
    .pluck()
  return db.transaction((events: readonly Worded[], match: string): readonly number[] => {
    for (const { seq, words } of events) add.run(seq, words)
    const found = find.all(match)
    clear.run()
    return found
  })
}

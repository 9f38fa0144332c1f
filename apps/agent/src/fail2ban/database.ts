import Database from 'better-sqlite3'

/** A row of fail2ban's database: a ban as it was made last for an address by a jail. */
export interface BanRow {
  readonly jail: string
  readonly ip: string
  /** Seconds since 1970. */
  readonly timeofban: number
  /** Seconds, -1 for ever; null where the release did not note it: then it is the jail's. */
  readonly bantime: number | null
  /** Which ban of the address by the jail it was. */
  readonly bancount: number
}

/** fail2ban's database cannot be read, in words, and what to do about it. */
export class DatabaseError extends Error {
  readonly remedy: string

  constructor(message: string, remedy: string, cause?: unknown) {
    super(message, { cause })
    this.remedy = remedy
  }
}

/** fail2ban writes for moments only. */
const PATIENCE_MS = 5_000
const MOST_ROWS = 500_000

/** fail2ban's database, opened for reading alone: it may go on writing. */
export class BanDatabase implements Disposable {
  readonly #db: Database.Database
  readonly #path: string

  /** @throws DatabaseError */
  constructor(path: string) {
    this.#path = path
    this.#db = this.#told(
      () => new Database(path, { readonly: true, fileMustExist: true, timeout: PATIENCE_MS }),
    )
  }

  /** The last ban of every address by every jail, over or not, made since a moment (in seconds). @throws DatabaseError */
  bans(since = 0): readonly BanRow[] {
    return this.#told(() => {
      const rows = this.#db
        .prepare<[number, number], Record<keyof BanRow, unknown>>(this.#query())
        .all(since, MOST_ROWS)
      return rows.flatMap(toRow)
    })
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }

  /** Releases before 0.11 have neither `bips` nor the length of a ban. */
  #query(): string {
    const columns = (table: string): readonly string[] =>
      this.#db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table)
    if (columns('bips').includes('bantime'))
      return 'SELECT jail, ip, timeofban, bantime, bancount FROM bips WHERE timeofban >= ? ORDER BY timeofban DESC LIMIT ?'
    const known = columns('bans')
    if (!known.includes('timeofban'))
      throw new DatabaseError(
        `${this.#path} is no database of fail2ban`,
        'Name the right one with --database.',
      )
    const bantime = known.includes('bantime') ? 'bantime' : 'NULL AS bantime'
    return `SELECT jail, ip, max(timeofban) AS timeofban, ${bantime}, count(*) AS bancount FROM bans
      WHERE ip IS NOT NULL AND timeofban >= ? GROUP BY jail, ip ORDER BY timeofban DESC LIMIT ?`
  }

  #told<T>(read: () => T): T {
    try {
      return read()
    } catch (err) {
      throw err instanceof DatabaseError ? err : explain(this.#path, err)
    }
  }
}

function explain(path: string, err: unknown): DatabaseError {
  const code = err instanceof Database.SqliteError ? err.code : ''
  const told = err instanceof Error ? err.message : String(err)
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code))
    return new DatabaseError(
      `${path} is held by another program for longer than ${PATIENCE_MS / 1_000} s`,
      'Try again; when it stays so, look who holds it with: fuser -v ' + path,
      err,
    )
  if (code === 'SQLITE_READONLY_ROLLBACK')
    return new DatabaseError(
      `${path} was left in the middle of a write`,
      'Restart fail2ban, which takes that back, or leave its bans behind with: --database none',
      err,
    )
  if (/^SQLITE_(?:CORRUPT|NOTADB)/.test(code))
    return new DatabaseError(
      `${path} is damaged, or no SQLite database: ${told}`,
      'Restart fail2ban, which repairs it, or leave its bans behind with: --database none',
      err,
    )
  return new DatabaseError(
    `${path} cannot be opened: ${told}`,
    'Is it there, and are you root? Name another one with --database, or leave its bans behind with: --database none',
    err,
  )
}

/** In seconds since 1970; what is later is no moment of a ban. */
const LATEST_S = 100_000_000_000

/** What is no ban is left out: the columns of SQLite hold anything. */
function toRow({ jail, ip, timeofban, bantime, bancount }: Record<keyof BanRow, unknown>): readonly BanRow[] {
  if (typeof jail !== 'string' || typeof ip !== 'string' || typeof timeofban !== 'number') return []
  if (!(timeofban >= 0 && timeofban <= LATEST_S)) return []
  return [
    {
      jail,
      ip,
      timeofban,
      bantime: typeof bantime === 'number' ? bantime : null,
      bancount: typeof bancount === 'number' && bancount > 0 ? Math.round(bancount) : 1,
    },
  ]
}

import { isTooWide, readList, type Misread, type ReadList } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { ALLOW_LIMIT, AppError, DENY_LIMIT, LISTS_LIMIT } from '@warder/protocol'
import type { ImportedView } from '@warder/protocol/api'
import { randomBytes } from 'node:crypto'
import { refuseLockout, sparing, type Requester } from '../bans/lockout.ts'
import { targetOf } from '../bans/target.ts'
import type { Transaction } from '../storage/transaction.ts'
import type { EntryRow, EntryStore } from './entry-store.ts'
import type { ListRow, ListStore, ListWish } from './store.ts'

/** The allow list of addresses that are let alone for a while, made when it is first needed. */
export const TEMPORARY = 'temporary'

export interface ListParts {
  readonly clock: Clock
  readonly transaction: Transaction
  readonly lists: ListStore
  readonly entries: EntryStore
  /** From where operators are at the dashboard now. */
  present(): readonly string[]
  /** After the commit: the lists are different. */
  onChanged(): void
}

/** How a text gets onto a list. */
export interface Importing {
  readonly text: string
  /** What the text does not name goes. */
  readonly replace: boolean
  /** From the URL of the list: touches only what came from there. */
  readonly fetched: boolean
  readonly note: string
  /** Seconds; null: without an end. */
  readonly for: number | null
}

/** An entry as it is asked for; `for` in seconds, null: without an end. */
export interface EntryWish {
  readonly ip: string
  readonly note: string
  readonly for: number | null
}

/** What may not be on a list counts as not understood. */
function without(read: ReadList, left: readonly string[], why: string): ReadList {
  if (left.length === 0) return read
  const gone = new Set(left)
  const misread = left.map((text): Misread => ({ line: 0, text: `${text} (${why})` }))
  return {
    ...read,
    targets: read.targets.filter((target) => !gone.has(target)),
    bad: read.bad + left.length,
    misread: [...misread, ...read.misread].slice(0, 100),
  }
}

/** Without what would shut out one of some addresses or the machine itself. */
function spared(read: ReadList, addresses: readonly string[]): ReadList {
  const kept = new Set(sparing(read.targets, addresses))
  return without(
    read,
    read.targets.filter((target) => !kept.has(target)),
    'it would shut out an operator or the machine itself',
  )
}

const narrow = (read: ReadList): ReadList => without(read, read.targets.filter(isTooWide), 'too wide')

export type Lists = ReturnType<typeof makeLists>

/** What operators and fetches do to lists. Every change is one transaction and a new number of all lists. */
export function makeLists({ clock, transaction, lists, entries, present, onChanged }: ListParts) {
  /** @throws AppError list.unknown */
  const known = (name: string): ListRow => {
    const list = lists.byName(name)
    if (list === null) throw new AppError('list.unknown', `There is no list "${name}".`)
    return list
  }

  /** @throws AppError list.full */
  const mustFit = (kind: ListRow['kind']): void => {
    const counts = entries.counts(clock.now())
    const own = lists.all().filter((list) => list.kind === kind)
    const total = own.reduce((sum, list) => sum + (counts.get(list.id) ?? 0), 0)
    const limit = kind === 'allow' ? ALLOW_LIMIT : DENY_LIMIT
    if (total > limit)
      throw new AppError(
        'list.full',
        `The ${kind} lists would hold ${total} entries; they take ${limit} together.`,
      )
  }

  /** Writes, numbers, and tells; nothing of it when it throws. */
  const changing = <T>(write: () => T): T => {
    const result = transaction(() => {
      const done = write()
      lists.bump(randomBytes(8).toString('hex'))
      return done
    })
    onChanged()
    return result
  }

  const create = (wish: ListWish, by: string): ListRow =>
    changing(() => {
      if (lists.byName(wish.name) !== null)
        throw new AppError('list.exists', `There is a list "${wish.name}".`)
      if (lists.all().length >= LISTS_LIMIT)
        throw new AppError('list.full', `There are ${LISTS_LIMIT} lists already.`)
      lists.add(wish, by, clock.now())
      return known(wish.name)
    })

  const put = (name: string, wish: EntryWish, who: Requester): EntryRow => {
    const list = known(name)
    const ip = targetOf(wish.ip)
    if (isTooWide(ip)) throw new AppError('entry.wide', `${ip} is too wide for a list.`)
    if (list.kind === 'deny') refuseLockout([ip], who)
    const now = clock.now()
    const until = wish.for === null ? null : now + wish.for * 1_000
    const entry = { ip, note: wish.note, until, addedAt: now, addedBy: who.by, fetched: false }
    return changing(() => {
      entries.put(list.id, entry)
      lists.touch(list.id, who.by, now)
      mustFit(list.kind)
      return entry
    })
  }

  /** Puts what was read onto a list; called in a transaction. */
  const merge = (list: ListRow, read: ReadList, how: Importing, by: string): ImportedView => {
    const now = clock.now()
    const before = new Map(entries.ofList(list.id, now).map((entry) => [entry.ip, entry]))
    const wanted = new Set(read.targets)
    const gone = how.replace
      ? [...before.values()].filter(({ ip, fetched }) => fetched === how.fetched && !wanted.has(ip))
      : []
    for (const { ip } of gone) entries.remove(list.id, ip)
    const fresh = read.targets.filter((ip) => !before.has(ip))
    const until = how.for === null ? null : now + how.for * 1_000
    const more = { note: how.note, until, addedAt: now, addedBy: by, fetched: how.fetched }
    for (const ip of fresh) entries.put(list.id, { ip, ...more })
    const { duplicates, bad, misread } = read
    const kept = read.targets.length - fresh.length
    return { added: fresh.length, removed: gone.length, kept, duplicates, bad, misread: [...misread] }
  }

  return {
    known,
    create,
    put,

    /** Says something else of a list; what is on it stays. */
    describe(
      name: string,
      { note, url, hours }: Partial<Pick<ListRow, 'note' | 'url' | 'hours'>>,
      by: string,
    ) {
      const list = known(name)
      transaction(() => {
        lists.describe(list.id, {
          note: note ?? list.note,
          url: url === undefined ? list.url : url,
          hours: hours ?? list.hours,
        })
        lists.touch(list.id, by, clock.now())
        if (url !== undefined && url !== list.url) {
          // Another place: what was said of the first one does not hold for it.
          lists.noteFetch(list.id, {
            triedAt: null,
            fetchedAt: null,
            etag: null,
            trouble: null,
            bad: 0,
            misread: [],
          })
        }
      })
      return { before: list, after: known(name) }
    },

    remove(name: string): ListRow {
      const list = known(name)
      changing(() => lists.remove(list.id))
      return list
    },

    /** @throws AppError ip.invalid, entry.unknown */
    drop(name: string, text: string, by: string): EntryRow {
      const list = known(name)
      const ip = targetOf(text)
      const entry = entries.get(list.id, ip)
      if (entry === null) throw new AppError('entry.unknown', `${ip} is not on ${name} by itself.`)
      changing(() => {
        entries.remove(list.id, ip)
        lists.touch(list.id, by, clock.now())
      })
      return entry
    },

    /**
     * Puts a text on a list. `who` null: the server fetched it by itself, so nobody can be asked, and what would shut
     * out an operator at the dashboard or the machine itself is left out.
     * @throws AppError ban.self, list.full
     */
    take(name: string, how: Importing, who: Requester | null): ImportedView {
      const list = known(name)
      const all = narrow(readList(how.text, 'column'))
      const isDenied = list.kind === 'deny'
      if (isDenied && who !== null) refuseLockout(all.targets, who)
      const read = isDenied && who === null ? spared(all, present()) : all
      const by = who?.by ?? 'the server'
      return changing(() => {
        const done = merge(list, read, how, by)
        lists.touch(list.id, by, clock.now())
        mustFit(list.kind)
        return done
      })
    },

    /** Lets an address alone for a while. */
    allow(wish: EntryWish, who: Requester): EntryRow {
      if (lists.byName(TEMPORARY) === null) {
        const note = 'Let alone for a while, each with its end.'
        create({ kind: 'allow', name: TEMPORARY, note, url: null, hours: 24 }, who.by)
      }
      return put(TEMPORARY, wish, who)
    },
  }
}

import type { Ban } from '@warder/core'
import { banSchema } from '@warder/protocol'
import type { Db } from './open.ts'
import { WORTH_PACKING, type Packed, type Packs, type Place } from './packs.ts'

/** The bans that are wanted, in force or not yet. */
export interface Bans {
  put(ban: Ban): void
  /** Many at once, which take less room. */
  putAll(bans: readonly Ban[]): void
  remove(jail: string, ip: string): void
  /** All, each with its evidence, or (in much less memory) without its log lines and users. */
  all(how?: 'without evidence'): readonly Ban[]
  /** How many there are of each jail. */
  counts(): readonly { readonly jail: string; readonly bans: number }[]
  /** One with all its evidence; null where it is not known. */
  get(jail: string, ip: string): Ban | null
}

interface Row {
  readonly jail: string
  readonly ip: string
  readonly ban: string
  readonly pack: number | null
  readonly place: number
}

export function bansStore(db: Db, packs: Packs): Bans {
  const put = db.prepare(
    `INSERT INTO bans (jail, ip, ban, pack, place) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET ban = excluded.ban, pack = excluded.pack, place = excluded.place`,
  )
  // Many rows by one statement: most of what a row costs is to be handed over.
  const putMany = db.prepare(
    `INSERT INTO bans (jail, ip, ban, pack, place) SELECT ?, value, '', ?, ? + key FROM json_each(?) WHERE true
      ON CONFLICT DO UPDATE SET ban = excluded.ban, pack = excluded.pack, place = excluded.place`,
  )
  const remove = db.prepare('DELETE FROM bans WHERE jail = ? AND ip = ?')
  const all = db.prepare<[], Row>('SELECT jail, ip, ban, pack, place FROM bans ORDER BY pack, place')
  const counts = db.prepare<[], { jail: string; bans: number }>(
    'SELECT jail, count(*) AS bans FROM bans GROUP BY jail',
  )
  const one = db.prepare<[string, string], Row>(
    'SELECT jail, ip, ban, pack, place FROM bans WHERE jail = ? AND ip = ?',
  )

  const valueOf = ({ ban, pack, place }: Row): unknown =>
    pack === null ? JSON.parse(ban) : packs.get({ pack, place })
  const putOne = (ban: Ban): void => void put.run(ban.jail, ban.ip, JSON.stringify(ban), null, 0)
  return {
    put: putOne,
    putAll(bans) {
      if (bans.length < WORTH_PACKING) return bans.forEach(putOne)
      for (const { jail, ips, pack, place } of runsOf(bans, packs.put(bans)))
        putMany.run(jail, pack, place, ips)
    },
    remove: (jail, ip) => void remove.run(jail, ip),
    all(how) {
      const bans: Ban[] = []
      // Not all of the texts at a time: with their lines they are many times as large as the bans.
      for (const row of all.iterate()) {
        const ban = toBan(row, valueOf(row))
        if (ban !== null) bans.push(how === undefined ? ban : withoutEvidence(ban))
      }
      return bans
    },
    counts: () => counts.all(),
    get(jail, ip) {
      const row = one.get(jail, ip)
      return row === undefined ? null : toBan(row, valueOf(row))
    },
  }
}

/** Bans of one jail that lie one behind the other in a pack. */
interface Run extends Place {
  readonly jail: string
  /** A list of JSON. */
  readonly ips: string
}

function* runsOf(bans: readonly Ban[], packed: readonly Packed[]): Generator<Run> {
  let from = 0
  for (const { pack, values } of packed) {
    const [start, end] = [from, from + values]
    while (from < end) {
      const place = from - start
      const jail = bans[from]?.jail ?? ''
      const ips: string[] = []
      for (; from < end && bans[from]?.jail === jail; from++) ips.push(bans[from]?.ip ?? '')
      yield { pack, place, jail, ips: JSON.stringify(ips) }
    }
  }
}

const NO_TEXTS: readonly string[] = []
const withoutEvidence = (ban: Ban): Ban =>
  ban.ticket === undefined ? ban : { ...ban, ticket: { ...ban.ticket, users: NO_TEXTS, lines: NO_TEXTS } }

/** What cannot be read is passed over: the firewall is cleared of it, and the address is banned again when it fails again. */
function toBan({ jail, ip }: Row, value: unknown): Ban | null {
  if (isPlain(value, jail, ip)) return value
  const checked = banSchema.safeParse(value)
  return checked.success && checked.data.jail === jail && checked.data.ip === ip ? checked.data : null
}

/** A ban as detection makes them by the thousand: as the schema has it, but told much sooner. */
function isPlain(value: unknown, jail: string, ip: string): value is Ban {
  if (!isRecord(value)) return false
  const { at, until, origin, ticket } = value
  if (value['jail'] !== jail || value['ip'] !== ip || origin !== 'detected' || !isRecord(ticket)) return false
  const isInTime = Number.isInteger(at) && (until === null || Number.isInteger(until))
  return isInTime && TICKET_NUMBERS.every((name) => Number.isInteger(ticket[name])) && hasTexts(ticket)
}

const TICKET_NUMBERS = ['failures', 'first', 'last', 'maxretry', 'findtime'] as const
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
const hasTexts = ({ users, lines }: Readonly<Record<string, unknown>>): boolean =>
  areTexts(users) && areTexts(lines)

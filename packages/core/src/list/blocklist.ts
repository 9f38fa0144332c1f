import type { Ban } from '../ban/ban.ts'
import type { BanList } from '../ban/ban-list.ts'
import type { Effect } from '../engine/effect.ts'
import { TargetSet } from '../ip/target-set.ts'
import { BLOCKLIST_JAIL } from '../jail/definition.ts'
import type { NeverBanned } from '../jail/ignore.ts'
import type { NeverReason } from '../jail/never.ts'
import type { EpochMs } from '../time/epoch.ts'
import type { Denied } from './denied.ts'

/** Most refusals that are told for one change of plan; the number of all is told anyway. */
const TOLD = 100

const endOf = ({ until }: { readonly until: EpochMs | null }): EpochMs => until ?? Infinity

/** Entries that are in force at a moment, one for each target: of several the one that ends last. */
function inForce(denied: readonly Denied[], now: EpochMs): Map<string, Denied> {
  const wanted = new Map<string, Denied>()
  for (const entry of denied) {
    if (endOf(entry) <= now) continue
    const known = wanted.get(entry.ip)
    if (known === undefined || endOf(known) < endOf(entry)) wanted.set(entry.ip, entry)
  }
  return wanted
}

/**
 * Entries that touch what is never banned, with the reason. The few who are never banned are looked up among the many
 * entries, not the other way round: a subnet is slow to ask what lies inside of it.
 */
function forbidden(wanted: ReadonlyMap<string, Denied>, never: NeverBanned): Map<string, NeverReason> {
  const found = new Map<string, NeverReason>()
  const around = new TargetSet(wanted.keys())
  for (const target of never.targets()) {
    for (let ip = around.match(target); ip !== null; ip = around.match(target)) {
      around.delete(ip)
      const reason = never.reasonForWhole(target)
      if (reason !== null) found.set(ip, reason)
    }
  }
  for (const ip of wanted.keys()) {
    const reason = found.has(ip) ? null : never.reasonForWhole(ip)
    if (reason !== null) found.set(ip, reason)
  }
  return found
}

/** What the blocklist works on. */
interface Around {
  readonly bans: BanList
  readonly never: NeverBanned
}

/** Keeps exactly those shut out whom deny lists name, apart from who is never banned. */
export class Blocklist {
  #refused: ReadonlyMap<string, NeverReason> = new Map()
  /** What was followed last: a plan often changes without them, and lists are long. */
  #last: { readonly denied: readonly Denied[]; readonly never: string } = { denied: [], never: '' }

  /** How many of the entries are never banned. */
  get refused(): number {
    return this.#refused.size
  }

  /** What changes for these entries, and only that; what is refused now and was not before is told. */
  follow(denied: readonly Denied[], { bans, never }: Around, now: EpochMs): readonly Effect[] {
    const key = never.targets().join(' ')
    if (denied === this.#last.denied && key === this.#last.never) return []
    this.#last = { denied, never: key }
    const wanted = inForce(denied, now)
    const refused = forbidden(wanted, never)
    const effects: Effect[] = []
    for (const ban of bans.all(BLOCKLIST_JAIL)) {
      const entry = refused.has(ban.ip) ? undefined : wanted.get(ban.ip)
      if (entry !== undefined && entry.until === ban.until && entry.list === ban.by) continue
      bans.delete(BLOCKLIST_JAIL, ban.ip)
      if (entry === undefined) effects.push({ kind: 'release', jail: BLOCKLIST_JAIL, ip: ban.ip })
    }
    for (const { ip, until, list } of wanted.values()) {
      if (refused.has(ip) || bans.get(BLOCKLIST_JAIL, ip) !== null) continue
      const ban: Ban = { jail: BLOCKLIST_JAIL, ip, at: now, until, origin: 'list', by: list }
      bans.add(ban)
      effects.push({ kind: 'enforce', ban })
    }
    const before = this.#refused
    this.#refused = refused
    const told = [...refused].filter(([ip, reason]) => before.get(ip) !== reason).slice(0, TOLD)
    const refusals = told.map(([ip, reason]): Effect => ({
      kind: 'record',
      event: { kind: 'ban.refused', jail: BLOCKLIST_JAIL, ip, reason },
    }))
    return [...effects, ...refusals]
  }
}

import { systemClock } from '@warder/daemon'
import { BANS_PER_REQUEST, type ForeignBan } from '@warder/protocol/control'
import { readBans } from '../fail2ban/read-bans.ts'
import { asked } from './asking.ts'
import { count, type Found } from './import-report.ts'
import { printable } from './show.ts'

/** A ban that was not taken over. */
interface Refusal {
  readonly jail: string
  readonly ip: string
  readonly reason: string
}

/** What became of the bans. */
export interface Taken {
  readonly changed: number
  readonly known: number
  readonly refused: readonly Refusal[]
}

const BY = 'import-fail2ban'
/** How many refused addresses are named one by one. */
const NAMED = 20

/** Hands the bans of fail2ban over to the agent, once more whenever more may have been made: fail2ban bans until it ends. */
export class BanTaking {
  readonly #socket: string
  readonly #found: Found
  readonly #refused = new Map<string, Refusal>()
  #changed = 0
  #known: number | null = null

  constructor(socket: string, found: Found) {
    this.#socket = socket
    this.#found = found
  }

  get taken(): Taken {
    return { changed: this.#changed, known: this.#known ?? 0, refused: [...this.#refused.values()] }
  }

  /** Reads the database as it is now → how many bans are new here. @throws DatabaseError, or an Error of the agent's */
  async take(): Promise<number> {
    const { database, installation } = this.#found
    if (database === null) return 0
    const before = this.#changed
    const { active, over } = readBans(database, installation, systemClock.now())
    let known = 0
    for (const some of inParts(active)) known += await this.#give(some, [])
    // What leads to nothing by itself comes last.
    for (const some of inParts(over)) await this.#give([], some)
    this.#known ??= known
    return this.#changed - before
  }

  /** → how many are in force already. */
  async #give(active: readonly ForeignBan[], past: readonly ForeignBan[]): Promise<number> {
    const bans = { bans: [...active], past: [...past] }
    const answer = await asked(this.#socket, { verb: 'take-over', by: BY, ...bans })
    const { changed = 0, known = 0, refused = [] } = answer
    this.#changed += changed
    for (const { jail = '', ip, reason } of refused) this.#refused.set(`${jail} ${ip}`, { jail, ip, reason })
    return known
  }
}

function* inParts(bans: readonly ForeignBan[]): Generator<readonly ForeignBan[]> {
  for (let at = 0; at < bans.length; at += BANS_PER_REQUEST) yield bans.slice(at, at + BANS_PER_REQUEST)
}

export function showTaken({ changed, known, refused }: Taken): string {
  const named = refused
    .slice(0, NAMED)
    .map(({ jail, ip, reason }) => `  ${printable(`${jail} ${ip}: ${reason}`)}\n`)
  const more = refused.length > NAMED ? [`  and ${refused.length - NAMED} more\n`] : []
  return [
    `${count(changed, 'ban')} taken over${known > 0 ? `, ${known} were in force already` : ''}.\n`,
    refused.length > 0 ? `${count(refused.length, 'ban')} refused:\n` : '',
    ...named,
    ...more,
  ].join('')
}

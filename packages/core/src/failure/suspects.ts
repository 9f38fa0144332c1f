import type { NeverReason } from '../jail/never.ts'
import { parseAddress, readV4Number } from '../ip/address.ts'
import type { Account } from './account.ts'

/** Beyond so many addresses all are forgotten. */
const MOST = 8_192
/** Longer texts are no addresses. */
const LONGEST = 45

/** How IPv4 addresses come that a service has from an IPv6 socket. */
const MAPPED = '::ffff:'
const COLON = 58

/** An address that came up, and what was found out about it: found in one place, instead of looked up in three. */
export class Suspect {
  /** Canonical; a text of its own. */
  readonly ip: string
  /** What its failures were counted in last; it may be gone. */
  account: Account | null = null
  /** Why it does not count, and who said so. */
  reason: NeverReason | null = null
  saidBy: object | null = null
  /** What its failures are counted against, and who said so. */
  counted: string | null = null
  countedBy: object | null = null

  /** `ip`: canonical, and a text of its own. */
  constructor(ip: string) {
    this.ip = ip
  }

  /** Somebody who is not to be remembered; the address may be a piece of a line. */
  static of(ip: string): Suspect {
    return new Suspect(copyOf(ip))
  }
}

/** A copy: a piece would keep the line that it was cut out of. */
const copyOf = (text: string): string => Array.from(text).join('')

function suspectOf(text: string): Suspect | null {
  const ip = parseAddress(text)
  return ip === null ? null : new Suspect(ip)
}

/**
 * Remembers addresses that come again and again, as those of attackers do. Those of IPv4 are known by their number: to read
 * it takes less than to compare texts.
 */
export class Suspects {
  readonly #numbered = new Map<number, Suspect>()
  /** Any other text; null: it is no address. */
  readonly #spelled = new Map<string, Suspect | null>()

  /** Who is meant by a text; null: it is no address. */
  look(text: string): Suspect | null {
    const isMapped = text.charCodeAt(0) === COLON && text.startsWith(MAPPED)
    const number = readV4Number(text, isMapped ? MAPPED.length : 0)
    return number < 0 ? this.#lookSpelled(text) : this.#lookNumbered(number, text)
  }

  #lookNumbered(number: number, text: string): Suspect | null {
    // As a signed number it needs no memory of its own.
    const key = number | 0
    const known = this.#numbered.get(key)
    if (known !== undefined) return known
    const made = suspectOf(copyOf(text))
    if (made === null) return null
    if (this.#numbered.size >= MOST) this.#numbered.clear()
    this.#numbered.set(key, made)
    return made
  }

  #lookSpelled(text: string): Suspect | null {
    const known = this.#spelled.get(text)
    if (known !== undefined) return known
    if (text.length > LONGEST) return null
    const own = copyOf(text)
    const made = suspectOf(own)
    if (this.#spelled.size >= MOST) this.#spelled.clear()
    this.#spelled.set(own, made)
    return made
  }
}

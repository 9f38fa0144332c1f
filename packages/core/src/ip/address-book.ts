/** For so many spellings the address is remembered. */
const MOST = 4_096
/** Longer texts are no addresses, and not worth their memory. */
const LONGEST = 64

/** Remembers how addresses are spelled that come again and again, as those of attackers do. */
export class AddressBook {
  readonly #known = new Map<string, string | null>()

  /** The canonical address of a text, worked out by `read` the first time; null: it is none. */
  look(text: string, read: (text: string) => string | null): string | null {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const address = read(text)
    if (text.length > LONGEST) return address
    if (this.#known.size >= MOST) this.#known.clear()
    this.#known.set(text, address)
    return address
  }
}

import { FirewallError } from './firewall.ts'
import { EMPTY_LISTING, parseListing, UNREADABLE_LISTING, type Listing } from './nft-listing.ts'
import { TABLE, type Family } from './nft-names.ts'
import { runTool, type Command } from './run-tool.ts'

export type Listings = ReadonlyMap<Family, Listing>

/** Reads our tables with nft. */
export class NftReader {
  readonly #command: Command
  readonly #families: readonly Family[]

  constructor(command: Command, families: readonly Family[]) {
    this.#command = command
    this.#families = families
  }

  /** Our tables with all their elements. @throws FirewallError */
  listings(): Promise<Listings> {
    return this.#each((family) => this.#list(['list', 'table', family, TABLE]))
  }

  /** Our tables without elements. @throws FirewallError */
  outlines(): Promise<Listings> {
    return this.#each((family) => this.outline(family))
  }

  /**
   * A table without its elements. Of all tables at once, since nft leaves the elements in the kernel then: asked for one
   * table it fetches them, and only does not print them (ten times the work with 10,000 of them, nft 1.0.6). Where a table
   * of others keeps that from being read, ours is asked for by itself.
   */
  async outline(family: Family): Promise<Listing> {
    const found = await this.#list(['-t', 'list', 'ruleset', family])
    return found === UNREADABLE_LISTING ? this.#list(['-t', 'list', 'table', family, TABLE]) : found
  }

  async #each(list: (family: Family) => Promise<Listing>): Promise<Listings> {
    const all = this.#families.map(async (family) => [family, await list(family)] as const)
    return new Map(await Promise.all(all))
  }

  async #list(args: readonly string[]): Promise<Listing> {
    try {
      return parseListing(await runTool([...this.#command, '-j', ...args]))
    } catch (err) {
      if (err instanceof FirewallError && /No such file or directory/.test(err.message)) return EMPTY_LISTING
      throw err
    }
  }
}

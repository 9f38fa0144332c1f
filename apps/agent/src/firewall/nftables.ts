import { isSubnet, type EpochMs, type FirewallReport } from '@warder/core'
import type { Clock } from '@warder/daemon'
import {
  FirewallError,
  type Enforced,
  type Firewall,
  type FirewallChange,
  type FirewallPlan,
} from './firewall.ts'
import { runNft, type Command } from './nft-command.ts'
import { EMPTY_LISTING, enforcedIn, isIntact, parseListing, type Listing } from './nft-listing.ts'
import { elementScript, prepareScript, REMOVE_SCRIPT, type ElementChanges } from './nft-script.ts'
import { NftSession } from './nft-session.ts'
import { SubnetLedger } from './subnet-ledger.ts'

interface Options {
  readonly clock: Clock
  /** How nft is called. */
  readonly command: Command
  /** Why this backend, in a sentence. */
  readonly reason: string
}

/** Enforces bans with a table of our own in nftables. Elements have time-outs, so a dead agent bans nobody for ever. */
export class NftablesFirewall implements Firewall {
  readonly #clock: Clock
  readonly #command: Command
  readonly #reason: string
  readonly #session: NftSession
  readonly #subnets = new SubnetLedger()
  #plan: FirewallPlan = { jails: [], never: [] }
  /** Someone took the table, a set or a rule away: it is made anew before the next changes. */
  #damaged = false

  constructor({ clock, command, reason }: Options) {
    this.#clock = clock
    this.#command = command
    this.#reason = reason
    this.#session = new NftSession({ command, clock })
  }

  async prepare(plan: FirewallPlan): Promise<void> {
    const existing = await this.#listing()
    try {
      await this.#run(prepareScript(plan, [...existing.sets.keys()]))
    } catch (err) {
      if (existing.sets.size === 0 || (err instanceof FirewallError && err.again)) throw err
      // A table of another form is in the way (another release made it): whoever calls puts the bans back.
      await this.#run(REMOVE_SCRIPT + prepareScript(plan, []))
    }
    this.#plan = plan
    this.#damaged = false
    this.#subnets.keepOnly(new Set(plan.jails.map((jail) => jail.name)))
    this.#subnets.learn(enforcedIn(await this.#listing(), plan, this.#clock.now()))
  }

  async apply(changes: readonly FirewallChange[]): Promise<void> {
    const known = new Set(this.#plan.jails.map((jail) => jail.name))
    const unknown = changes.find((change) => change.kind === 'add' && !known.has(change.jail))
    if (unknown) throw new FirewallError(`the firewall has no place for the jail ${unknown.jail}`, false)
    if (this.#damaged) await this.prepare(this.#plan)
    const last = new Map(changes.map((change) => [`${change.jail} ${change.ip}`, change]))
    const wanted = [...last.values()].filter((change) => known.has(change.jail))
    const now = this.#clock.now()
    const subnets = this.#subnets.plan(
      wanted.filter((change) => isSubnet(change.ip)),
      now,
    )
    const addresses = wanted.filter((change) => !isSubnet(change.ip))
    await this.#change({ addresses, subnets: subnets.held }, now)
    subnets.commit()
  }

  /** Most bans are new: that is tried first, since it is a third of the work. */
  async #change(changes: ElementChanges, now: EpochMs): Promise<void> {
    const script = elementScript(changes, now, 'new')
    if (script === '') return
    try {
      await this.#run(script)
    } catch (err) {
      if (!(err instanceof FirewallError) || !/File exists/.test(err.message)) throw err
      await this.#run(elementScript(changes, now, 'any'))
    }
  }

  async list(): Promise<readonly Enforced[]> {
    const listing = await this.#listing()
    this.#damaged = !isIntact(listing, this.#plan)
    if (this.#damaged) return []
    const now = this.#clock.now()
    const enforced = enforcedIn(listing, this.#plan, now)
    this.#subnets.learn(enforced)
    return [...enforced, ...this.#subnets.inside(enforced, now)]
  }

  async remove(): Promise<void> {
    await this.#run(REMOVE_SCRIPT)
    this.#subnets.keepOnly(new Set())
    this.#damaged = true
  }

  report(): FirewallReport {
    return { backend: 'nftables', enforcing: true, reason: this.#reason }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]()
  }

  async #listing(): Promise<Listing> {
    try {
      return parseListing(await runNft(this.#command, ['-j', 'list', 'table', 'inet', 'warder'], ''))
    } catch (err) {
      if (err instanceof FirewallError && /No such file or directory/.test(err.message)) return EMPTY_LISTING
      throw err
    }
  }

  #run(script: string): Promise<void> {
    return this.#session.run(script)
  }
}

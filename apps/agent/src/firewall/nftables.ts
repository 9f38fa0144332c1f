import type { FirewallReport } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { Dropped } from './dropped.ts'
import {
  FirewallError,
  type Enforced,
  type Firewall,
  type FirewallChange,
  type FirewallPlan,
  type Standing,
} from './firewall.ts'
import { lastOfEach } from './last-of-each.ts'
import { mergeFamilies } from './merge-families.ts'
import { droppedIn, EMPTY_LISTING, enforcedIn, isIntact, neverIn, UNREADABLE_LISTING } from './nft-listing.ts'
import { NftReader, type Listings } from './nft-reader.ts'
import { NftWatch } from './nft-watch.ts'
import { familiesOf, kindOf, SET_KINDS, WIDE_KINDS, type Family, type SetKind } from './nft-names.ts'
import {
  elementScript,
  LONGEST_TIMEOUT_S,
  prepareScript,
  removeScript,
  type ElementChanges,
  type ScriptOptions,
} from './nft-script.ts'
import { NftSession } from './nft-session.ts'
import { runTool, type Command } from './run-tool.ts'
import { TryOut } from './try-out.ts'
import { SubnetLedger } from './subnet-ledger.ts'
import { Turns } from './turns.ts'

/** So many of our own processes are remembered: what they did is no news. */
const OWN_LIMIT = 256

interface Options {
  readonly clock: Clock
  /** How nft is called. */
  readonly command: Command
  /** Why this backend, in a sentence. */
  readonly reason: string
  /** Whether guests behind the node's bridges are protected too, by a table of their own. */
  readonly guests?: boolean
}

const isWide = (ip: string): boolean => WIDE_KINDS.includes(kindOf(ip))

/** Where something lies among the prefixes that has a place of its own, somebody else put it there: it goes. */
const asWide = (change: FirewallChange): FirewallChange =>
  isWide(change.ip) ? change : { kind: 'remove', jail: change.jail, ip: change.ip }

/** What our tables look like when nobody else was at them. */
interface Known {
  readonly shape: string
  readonly never: string
}

/** Enforces bans with tables of our own in nftables. Elements have time-outs, so a dead agent bans nobody for ever. */
export class NftablesFirewall implements Firewall {
  readonly longestS = LONGEST_TIMEOUT_S
  readonly #clock: Clock
  readonly #command: Command
  readonly #reason: string
  readonly #session: NftSession
  readonly #families: readonly Family[]
  readonly #reader: NftReader
  readonly #subnets = new SubnetLedger()
  readonly #dropped = new Dropped()
  /** What is looked at while it is changed says nothing. */
  readonly #preparing = new Turns()
  readonly #applying = new Turns()
  readonly #trying = new TryOut((args, script) =>
    runTool([...this.#command, ...args], script, (process) => this.#note(process)),
  )
  /** Our own processes, the latest last. */
  readonly #own = new Set<number>()
  #watch: NftWatch | null = null
  #plan: FirewallPlan = { jails: [], never: [] }
  #known: ReadonlyMap<Family, Known> = new Map()
  /** Someone took a table, a set or a rule away: it is made anew before the next changes. */
  #damaged = false
  /** When the last full listing began, and whether others have been at it since. */
  #listedAt = 0
  #news = true
  #isTidy = false

  constructor({ clock, command, reason, guests = false }: Options) {
    this.#clock = clock
    this.#command = command
    this.#reason = reason
    this.#session = new NftSession({ command, clock, onProcess: (process) => this.#note(process) })
    this.#families = guests ? ['inet', 'bridge'] : ['inet']
    this.#reader = new NftReader(command, this.#families)
  }

  prepare(plan: FirewallPlan): Promise<readonly Enforced[]> {
    return this.#preparing.take(() => this.#applying.take(() => this.#prepare(plan)))
  }

  apply(changes: readonly FirewallChange[]): Promise<void> {
    return this.#applying.take(() => this.#apply(changes))
  }

  tryOut(ip: string): Promise<void> {
    return this.#applying.take(() => this.#trying.run(ip))
  }

  async list(): Promise<readonly Enforced[]> {
    const from = this.#clock.now()
    const [isSamePlan, isUnchanged] = [this.#preparing.watch(), this.#applying.watch()]
    this.#news = false
    const listings = await this.#reader.listings()
    this.#listedAt = from
    if (isSamePlan()) this.#damaged = !this.#isAsKnown(listings, true)
    return this.#told(listings, isUnchanged)
  }

  async check(): Promise<Standing> {
    const isSamePlan = this.#preparing.watch()
    const listings = await this.#reader.outlines()
    if (isSamePlan()) this.#damaged ||= !this.#isAsKnown(listings, false)
    const counted = [...listings.values()].map((listing) => droppedIn(listing, this.#plan))
    const since = this.#watch?.listeningSince ?? null
    return {
      intact: !this.#damaged,
      doubtful: this.#news || since === null || this.#listedAt < since,
      dropped: this.#dropped.now(counted),
    }
  }

  watch(onNews: () => void): void {
    this.#watch ??= new NftWatch({
      command: this.#command,
      clock: this.#clock,
      isOwn: (process) => this.#own.has(process),
      onNews: () => {
        this.#news = true
        onNews()
      },
    })
  }

  async remove(): Promise<void> {
    await this.#run(this.#families.map(removeScript).join(''))
    this.#subnets.keepOnly(new Set())
    this.#damaged = true
  }

  report(): FirewallReport {
    return { backend: 'nftables', enforcing: true, reason: this.#reason }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch?.[Symbol.dispose]()
    await this.#session[Symbol.asyncDispose]()
  }

  async #prepare(plan: FirewallPlan): Promise<readonly Enforced[]> {
    if (!this.#isTidy) await this.#tidy()
    const existing = await this.#reader.outlines()
    const listings = [...existing.values()]
    const anew =
      this.#families.map(removeScript).join('') +
      this.#families.map((family) => prepareScript(family, plan)).join('')
    if (listings.includes(UNREADABLE_LISTING)) await this.#run(anew)
    else {
      try {
        await this.#run(
          this.#families.map((family) => prepareScript(family, plan, existing.get(family))).join(''),
        )
      } catch (err) {
        const isNew = listings.every((listing) => listing === EMPTY_LISTING)
        if (isNew || (err instanceof FirewallError && err.again)) throw err
        // A table of another form is in the way (another release made it): whoever calls puts the bans back.
        await this.#run(anew)
      }
    }
    this.#plan = plan
    this.#subnets.keepOnly(new Set(plan.jails.map((jail) => jail.name)))
    const from = this.#clock.now()
    this.#news = false
    const made = await this.#reader.listings()
    this.#listedAt = from
    this.#known = new Map(
      [...made].map(([family, listing]) => [family, { shape: listing.shape, never: neverIn(listing) }]),
    )
    this.#damaged = ![...made].every(([family, listing]) => isIntact(family, listing, plan))
    return this.#told(made, () => true)
  }

  async #apply(changes: readonly FirewallChange[]): Promise<void> {
    const jails = new Map(this.#plan.jails.map((jail) => [jail.name, jail]))
    const unknown = changes.find((change) => change.kind === 'add' && !jails.has(change.jail))
    if (unknown) throw new FirewallError(`the firewall has no place for the jail ${unknown.jail}`, false)
    if (this.#damaged) await this.prepare(this.#plan)
    const wanted = lastOfEach(changes).filter((change) => jails.has(change.jail))
    const now = this.#clock.now()
    const subnets = this.#subnets.plan(
      wanted.filter((change) => isWide(change.ip) || this.#subnets.holds(change)).map(asWide),
      now,
    )
    const addresses = wanted.filter((change) => !isWide(change.ip))
    const places = (name: string): readonly Family[] => {
      const jail = jails.get(name)
      return jail === undefined ? [] : familiesOf(jail, this.#families.includes('bridge'))
    }
    await this.#change({ addresses, subnets: subnets.held }, { now, places })
    subnets.commit()
  }

  /** Most bans are new: that is tried first, since it is a third of the work. */
  async #change(changes: ElementChanges, options: ScriptOptions): Promise<void> {
    const script = elementScript(changes, { ...options, added: 'new' })
    if (script === '') return
    try {
      await this.#run(script)
    } catch (err) {
      if (!(err instanceof FirewallError) || !/File exists/.test(err.message)) throw err
      await this.#run(elementScript(changes, options))
    }
  }

  /** What listings say is in force; nothing where the rules are not as they were made. */
  #told(listings: Listings, isUnchanged: () => boolean): readonly Enforced[] {
    if (this.#damaged) return []
    const wide = this.#enforced(listings, WIDE_KINDS)
    if (isUnchanged()) this.#subnets.learn(wide)
    return [...this.#enforced(listings), ...this.#subnets.inside(wide, this.#clock.now())]
  }

  #enforced(listings: Listings, kinds: readonly SetKind[] = SET_KINDS): readonly Enforced[] {
    const now = this.#clock.now()
    const of = (family: Family): readonly Enforced[] => {
      const listing = listings.get(family)
      return listing === undefined ? [] : enforcedIn(family, { listing, plan: this.#plan, now }, kinds)
    }
    if (!this.#families.includes('bridge')) return of('inet')
    return mergeFamilies(of('inet'), of('bridge'), this.#plan)
  }

  #isAsKnown(listings: Listings, withNever: boolean): boolean {
    return this.#families.every((family) => {
      const listing = listings.get(family)
      const known = this.#known.get(family)
      if (listing === undefined || known?.shape !== listing.shape) return false
      return !withNever || known.never === neverIn(listing)
    })
  }

  /** Takes away what an earlier run made for guests, when they are no longer to be protected. */
  async #tidy(): Promise<void> {
    if (!this.#families.includes('bridge') && (await this.#reader.outline('bridge')) !== EMPTY_LISTING)
      await this.#run(removeScript('bridge'))
    this.#isTidy = true
  }

  #run(script: string): Promise<void> {
    return this.#session.run(script)
  }

  /** The latest last: the long-lived one, which is told of with each script, stays however many there were beside it. */
  #note(process: number): void {
    this.#own.delete(process)
    this.#own.add(process)
    for (const oldest of this.#own) {
      if (this.#own.size <= OWN_LIMIT) break
      this.#own.delete(oldest)
    }
  }
}

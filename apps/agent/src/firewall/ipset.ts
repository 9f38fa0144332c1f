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
import {
  droppedIn,
  enforcedIn,
  isInForce,
  neverIn,
  parseSets,
  parseTable,
  sizesOf,
  type SetListing,
  type TableListing,
} from './ipset-listing.ts'
import {
  createScript,
  destroyScript,
  elementScript,
  elementsOf,
  flushScript,
  LONGEST_TIMEOUT_S,
  MAX_ELEMENTS,
  neverScript,
  rulesScript,
  undoScript,
  unruleScript,
  uselessIn,
  type IpVersion,
} from './ipset-script.ts'
import { runTool, type Command } from './run-tool.ts'
import { Turns } from './turns.ts'

/** The tools, and what is put in front of each of them. */
export interface IpsetTools {
  readonly before: readonly string[]
  readonly ipset: string
  /** `…/iptables`: `-save` and `-restore` are beside it. */
  readonly iptables: string
  /** Null where the machine knows no IPv6. */
  readonly ip6tables: string | null
}

interface Options {
  readonly clock: Clock
  readonly tools: IpsetTools
  /** Why this backend, in a sentence. */
  readonly reason: string
  /** How many bans a set may hold. */
  readonly most?: number
}

interface Known {
  readonly shapes: ReadonlyMap<IpVersion, string>
  readonly never: string
}

/** Enforces bans with sets of ipset and chains of our own in iptables, for where nftables cannot be used. */
export class IpsetFirewall implements Firewall {
  readonly longestS = LONGEST_TIMEOUT_S
  readonly #options: Options
  readonly #most: number
  readonly #dropped = new Dropped()
  /** What is looked at while it is changed says nothing. */
  readonly #preparing = new Turns()
  #plan: FirewallPlan = { jails: [], never: [] }
  #known: Known = { shapes: new Map(), never: '' }
  #damaged = false
  /** How large the sets were at the last list. */
  #sizes: string | null = null

  constructor(options: Options) {
    this.#options = options
    this.#most = options.most ?? MAX_ELEMENTS
  }

  prepare(plan: FirewallPlan): Promise<readonly Enforced[]> {
    return this.#preparing.take(() => this.#prepare(plan))
  }

  async apply(changes: readonly FirewallChange[]): Promise<void> {
    const known = new Set(this.#plan.jails.map(({ name }) => name))
    const unknown = changes.find((change) => change.kind === 'add' && !known.has(change.jail))
    if (unknown) throw new FirewallError(`the firewall has no place for the jail ${unknown.jail}`, false)
    if (this.#damaged) await this.prepare(this.#plan)
    const wanted = changes.filter(({ jail }) => known.has(jail))
    if (wanted.length === 0) return
    const elements = elementsOf(wanted, this.#options.clock.now())
    // ipset stops at what fails and keeps what came before it: what was there has to be known to be put back.
    const before = elements.size > 1 ? await this.#sets() : null
    try {
      await this.#restore(elementScript(elements))
    } catch (err) {
      if (before !== null) await this.#restore(undoScript(elements, before)).catch(() => {})
      throw err
    }
  }

  async list(): Promise<readonly Enforced[]> {
    const isSamePlan = this.#preparing.watch()
    const [sets, tables] = await Promise.all([this.#sets(), this.#tables()])
    if (isSamePlan()) this.#damaged = !this.#isAsKnown(tables) || this.#known.never !== neverIn(sets)
    this.#sizes = sizesOf(await this.#ipset('list', '-t'))
    return this.#damaged ? [] : enforcedIn(sets, this.#plan, this.#options.clock.now())
  }

  async check(): Promise<Standing> {
    const isSamePlan = this.#preparing.watch()
    const [tables, sizes] = await Promise.all([this.#tables(), this.#ipset('list', '-t')])
    if (isSamePlan()) this.#damaged ||= !this.#isAsKnown(tables)
    return {
      intact: !this.#damaged,
      doubtful: sizesOf(sizes) !== this.#sizes,
      dropped: this.#dropped.now([...tables.values()].map((table) => droppedIn(table, this.#plan))),
    }
  }

  /** Nobody tells what others do: it shows at the next check. */
  watch(): void {}

  async remove(): Promise<void> {
    for (const [version, listing] of await this.#tables()) {
      const script = unruleScript(listing)
      if (script !== '') await this.#rules(version, script)
    }
    await this.#destroy([...(await this.#sets()).keys()])
    this.#damaged = true
  }

  report(): FirewallReport {
    return { backend: 'ipset', enforcing: true, reason: this.#options.reason }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #prepare(plan: FirewallPlan): Promise<readonly Enforced[]> {
    const script = createScript(plan, this.#most) + neverScript(plan)
    try {
      await this.#restore(script)
    } catch (err) {
      if (!(err instanceof FirewallError && /already exists/.test(err.message))) throw err
      // A set of another form is in the way (another release made it): whoever calls puts the bans back.
      await this.remove()
      await this.#restore(script)
    }
    const tables = await this.#tables()
    // Rules that are written anew count from nothing.
    this.#dropped.now([...tables.values()].map((table) => droppedIn(table, this.#plan)))
    this.#dropped.restart()
    const scripts = new Map(
      [...tables].map(([version, table]) => [version, rulesScript(version, plan, table)]),
    )
    for (const [version, rules] of scripts) await this.#rules(version, rules)
    this.#plan = plan
    await this.#destroy(uselessIn(await this.#sets(), plan))
    const [made, sets] = await Promise.all([this.#tables(), this.#sets()])
    this.#known = {
      shapes: new Map([...made].map(([version, { shape }]) => [version, shape])),
      never: neverIn(sets),
    }
    this.#damaged = ![...made].every(([version, table]) => isInForce(table, scripts.get(version) ?? ''))
    return this.#damaged ? [] : enforcedIn(sets, plan, this.#options.clock.now())
  }

  /** Takes sets away. One that somebody else's rule names has to stay, and blocks nobody. */
  async #destroy(sets: readonly string[]): Promise<void> {
    await this.#restore(flushScript(sets))
    try {
      await this.#restore(destroyScript(sets))
    } catch {
      for (const set of sets) await this.#restore(destroyScript([set])).catch(() => {})
    }
  }

  #isAsKnown(tables: ReadonlyMap<IpVersion, TableListing>): boolean {
    return [...tables].every(([version, { shape }]) => this.#known.shapes.get(version) === shape)
  }

  async #tables(): Promise<ReadonlyMap<IpVersion, TableListing>> {
    const { before, iptables, ip6tables } = this.#options.tools
    const save = async (tool: string): Promise<TableListing> =>
      parseTable(await runTool(commandOf(before, `${tool}-save`, '-c', '-t', 'filter')))
    const [four, six] = await Promise.all([save(iptables), ip6tables === null ? null : save(ip6tables)])
    return new Map<IpVersion, TableListing>(
      six === null
        ? [[4, four]]
        : [
            [4, four],
            [6, six],
          ],
    )
  }

  async #sets(): Promise<SetListing> {
    return parseSets(await this.#ipset('save'))
  }

  #ipset(...args: readonly string[]): Promise<string> {
    const { before, ipset } = this.#options.tools
    return runTool(commandOf(before, ipset, ...args))
  }

  async #restore(script: string): Promise<void> {
    const { before, ipset } = this.#options.tools
    if (script !== '') await runTool(commandOf(before, ipset, 'restore', '-exist'), script)
  }

  async #rules(version: IpVersion, script: string): Promise<void> {
    const { before, iptables, ip6tables } = this.#options.tools
    const tool = version === 4 ? iptables : (ip6tables ?? iptables)
    await runTool(commandOf(before, `${tool}-restore`, '--noflush', '--wait', '5'), script)
  }
}

function commandOf(before: readonly string[], file: string, ...args: readonly string[]): Command {
  const [first, ...rest] = before
  return first === undefined ? [file, ...args] : [first, ...rest, file, ...args]
}

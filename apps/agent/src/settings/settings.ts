import { formatProblem, readConfiguration, type Configuration, type Problem } from '@warder/conf'
import { formatPorts, MANUAL_JAIL, type JailDefinition } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { shippedFiles } from '@warder/filters'
import type { JailStatus, WantedSettings } from '@warder/protocol'
import type { AgentConfig } from '../config/schema.ts'
import type { Planned } from '../engine/loop.ts'
import type { SourceMaker } from '../source/source.ts'
import { decide, type Decided, type Decision } from './decide.ts'
import { readFail2ban, readOperatorFiles } from './files.ts'
import { readIgnoreFiles, withFiles } from './ignore-files.ts'
import { listen, readingsOf, wantedOf, type Listening, type Placed, type Reading } from './listen.ts'
import { ALONE, canonical, neverBan, type Neighbour, type Protected, type Surroundings } from './never.ts'
import { Names } from './names.ts'
import { addressesOf, Lookout } from './surroundings.ts'

/** After so long a jail that was put aside is tried again: what held it up may be over. */
const ASIDE_MS = 600_000

const asideUntil = (until: number): string =>
  `its expressions took too long on several lines, so it reads nothing; its bans stay. Simplify them, then run: warder reload. It is tried again at ${new Date(until).toISOString()}`

/** What a jail that counts bans reads, in words. */
const BANS = 'the bans of the other jails'

/** A jail's standing, without the figures that change with every line. */
export type JailStanding = Omit<JailStatus, 'activeBans' | 'lastMatchAt'>

/** The networks that the node is attached to, and whether who is in them can be banned. */
export interface LocalNetworks {
  readonly filtered: boolean
  readonly networks: readonly Neighbour[]
}

/** All that the configuration, the server's wishes and the surroundings come to. */
export interface Built {
  readonly planned: Planned
  readonly jails: readonly JailStanding[]
  readonly listening: Listening
  /** What every jail reads, those that are paused included: nothing else may be looked into. */
  readonly readings: readonly Reading[]
  /** The wishes that are in it. */
  readonly wanted: WantedSettings
  readonly decided: Decided
  /** Host names that never count, with their addresses. */
  readonly names: readonly (readonly [string, readonly string[]])[]
  /** Files of addresses that never count, with what they hold. */
  readonly ignoreFiles: readonly (readonly [string, string | null])[]
  /** Who is never banned, and why. */
  readonly never: readonly Protected[]
  readonly local: LocalNetworks
  /** The jails that run, as configured: the last good from now on. */
  readonly good: readonly JailDefinition[]
  /** Everything worth telling the operator, each in a line. */
  readonly problems: readonly string[]
}

/** What became of the server's wishes. */
export type Offered =
  { readonly ok: true; readonly built: Built } | { readonly ok: false; readonly reason: string }

interface Parts {
  readonly config: AgentConfig
  readonly clock: Clock
  readonly sources: SourceMaker
  readonly lastGood: readonly JailDefinition[]
  readonly wanted: WantedSettings
}

/** Turns files, wishes and surroundings into what the node runs. Nothing here acts: the result is for the loop. */
export class Settings {
  readonly #parts: Parts
  #configuration: Configuration = { jails: [], problems: [], places: new Map() }
  #fileProblems: readonly string[] = []
  readonly #names: Names
  readonly #lookout: Lookout
  #around: Surroundings = ALONE
  #lastGood: ReadonlyMap<string, JailDefinition>
  #wanted: WantedSettings
  /** Jails whose expressions held the matching up, and until when they hear nothing. */
  readonly #aside = new Map<string, number>()
  /** Why the journal cannot be read; asked again as long as it cannot. */
  #journalTrouble: string | null = 'not asked yet'

  constructor(parts: Parts) {
    this.#parts = parts
    this.#names = new Names(parts.clock, (name) => addressesOf(name, parts.clock))
    this.#lookout = new Lookout(parts.config, parts.clock)
    this.#lastGood = new Map(parts.lastGood.map((jail) => [jail.name, jail]))
    this.#wanted = parts.wanted
  }

  /** The cluster that the node is in. */
  get cluster(): string | null {
    return this.#around.cluster
  }

  /** Reads the files and looks around, at the start and on a reload. */
  async load(): Promise<Built> {
    const { config } = this.#parts
    const above = [
      ...(config.fail2ban_config === undefined ? [] : [await readFail2ban(config.fail2ban_config)]),
      await readOperatorFiles(config.config_dir),
    ]
    this.#fileProblems = above.flatMap(({ problems }) => problems)
    this.#configuration = readConfiguration([
      { name: 'warder', files: shippedFiles() },
      ...above.map(({ layer }) => layer),
    ])
    this.#around = await this.#lookout.look()
    this.#journalTrouble = 'not asked yet'
    this.#aside.clear()
    return this.#place(this.#decide(this.#wanted), this.#wanted)
  }

  /** What to run now that other addresses may be around and globs may find other files. */
  async refresh(before: Built): Promise<Built> {
    this.#around = await this.#lookout.look()
    return this.#place(before.decided, this.#wanted)
  }

  /** Lets a jail hear nothing for ten minutes, or until the next reload; its bans stay. */
  async putAside(jail: string, before: Built): Promise<Built> {
    this.#aside.set(jail, this.#parts.clock.now() + ASIDE_MS)
    return this.#place(before.decided, this.#wanted)
  }

  /** Tries the server's wishes. Refused ones change nothing. */
  async offer(wanted: WantedSettings): Promise<Offered> {
    const built = await this.#place(this.#decide(wanted), wanted)
    const failed = built.jails.find(
      (jail) => jail.state === 'failed' && wanted.jails[jail.name]?.enabled === true,
    )
    if (!failed) return { ok: true, built }
    return {
      ok: false,
      reason: `jail ${failed.name} cannot run here: ${failed.reason ?? 'it is broken'}`.slice(0, 1_000),
    }
  }

  /** To be called once what was built is in force. */
  adopt(built: Built): void {
    this.#wanted = built.wanted
    this.#lastGood = new Map(built.good.map((jail) => [jail.name, jail]))
  }

  /** A jail as it is, or without sources while it is put aside. */
  #unlessAside(each: Placed): Placed {
    const until = this.#aside.get(each.decision.name)
    if (until === undefined || each.decision.state !== 'running') return each
    if (until <= this.#parts.clock.now()) {
      this.#aside.delete(each.decision.name)
      return each
    }
    return { decision: { ...each.decision, reason: asideUntil(until) }, sources: [], isAside: true }
  }

  #decide(wanted: WantedSettings): Decided {
    return decide({
      configuration: this.#configuration,
      overrides: wanted.jails,
      lastGood: this.#lastGood,
    })
  }

  async #place(written: Decided, wanted: WantedSettings): Promise<Built> {
    const files = await readIgnoreFiles(written.decisions)
    const widened = written.decisions.map((each) => withFiles(each, files))
    const names = await this.#names.look(widened.flatMap(hostsOf))
    const decided = { ...written, decisions: widened.map((each) => withAddresses(each, names)) }
    const unread = [...files].flatMap(([path, text]): readonly Problem[] =>
      text === null
        ? [{ severity: 'warning', message: `ignoreip file:${path}: cannot be read, so it protects nobody` }]
        : [],
    )
    const unanswered = [...names].flatMap(([name, addresses]): readonly Problem[] =>
      addresses.length === 0
        ? [
            {
              severity: 'warning',
              message: `ignoreip ${name}: nobody knows this name now, so it protects nobody`,
            },
          ]
        : [],
    )
    const { sources, config } = this.#parts
    if (this.#journalTrouble !== null) this.#journalTrouble = await sources.journalTrouble()
    const found = await listen(decided.decisions, sources, this.#journalTrouble)
    const placed = found.map((each) => this.#unlessAside(each))
    const told = [...this.#configuration.problems, ...decided.problems]
    const named = new Set(told.map(({ jail }) => jail))
    const homeless = placed.flatMap(({ decision }): readonly Problem[] =>
      decision.state === 'failed' && !named.has(decision.name)
        ? [{ severity: 'error', jail: decision.name, message: decision.reason ?? 'it cannot run' }]
        : [],
    )
    const filtered = wanted.filterLocalNetworks ?? config.filter_local_networks
    const never = neverBan({ around: this.#around, placed, filterLocal: filtered, names })
    return {
      planned: plan(placed, never),
      never: never.groups,
      local: { filtered, networks: canonical(this.#around.networks) },
      jails: placed.map((each, at) => toStanding({ ...each, sources: found[at]?.sources ?? [] })),
      listening: wantedOf(placed),
      readings: readingsOf(found),
      wanted,
      names: [...names],
      ignoreFiles: [...files],
      decided: written,
      good: placed.flatMap(({ decision }) => (decision.state === 'running' ? [decision.configured] : [])),
      problems: [
        ...this.#fileProblems,
        ...[...told, ...homeless, ...unread, ...unanswered].map(formatProblem),
      ],
    }
  }
}

function plan(placed: readonly Placed[], never: ReturnType<typeof neverBan>): Planned {
  const running = placed.flatMap(({ decision, sources }) =>
    decision.state === 'running' ? [{ jail: decision.jail, sources }] : [],
  )
  return {
    engine: { jails: running, never: never.engine },
    firewall: {
      jails: [
        ...running.map(({ jail }) => ({ name: jail.definition.name, ports: jail.definition.ports })),
        { name: MANUAL_JAIL, ports: { protocol: 'both', ports: 'all' } },
      ],
      never: never.firewall,
    },
  }
}

const hostsOf = (decision: Decision): readonly string[] =>
  decision.state === 'running' ? (decision.jail.definition.ignorehosts ?? []) : []

/** The jail with the addresses that its names have now beside those that never count anyway. */
function withAddresses(decision: Decision, names: ReadonlyMap<string, readonly string[]>): Decision {
  const addresses = hostsOf(decision).flatMap((name) => names.get(name) ?? [])
  if (decision.state !== 'running' || addresses.length === 0) return decision
  const { definition } = decision.jail
  const ignoreip = [...definition.ignoreip, ...addresses]
  return { ...decision, jail: { ...decision.jail, definition: { ...definition, ignoreip } } }
}

function toStanding({ decision, sources, isAside, idle }: Placed): JailStanding {
  const { name, state } = decision
  const told = decision.reason ?? idle
  const reason = told === undefined ? {} : { reason: told.slice(0, 1_000) }
  if (decision.state !== 'running') {
    const { filter, ports, configured, effective } = decision
    return { name, filter, state, ...reason, ports: ports.slice(0, 400), sources: [], configured, effective }
  }
  const { backend, filter, ports, settings } = decision.jail.definition
  return {
    name,
    filter: filter.name.slice(0, 64),
    state: isAside ? 'paused' : idle === undefined ? state : 'disabled',
    ...reason,
    ports: formatPorts(ports).slice(0, 400),
    sources: backend === 'bans' ? [BANS] : [...sources].slice(0, 200),
    configured: decision.configured.settings,
    effective: settings,
  }
}

/** What tells two results apart for everyone but the operator: the same text means that nothing has to be done. */
export const keyOf = ({
  planned,
  never,
  local,
  jails,
  listening,
  names,
  ignoreFiles,
  wanted,
}: Built): string =>
  JSON.stringify([never, local, planned.firewall, jails, listening, names, ignoreFiles, wanted.revision])

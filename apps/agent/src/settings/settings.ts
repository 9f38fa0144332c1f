import { formatProblem, readConfiguration, type Configuration, type Problem } from '@warder/conf'
import { BLOCKLIST_JAIL, MANUAL_JAIL, SHARED_JAIL, type Denied, type JailDefinition } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { shippedFiles } from '@warder/filters'
import type { WantedSettings } from '@warder/protocol'
import type { AgentConfig } from '../config/schema.ts'
import type { Planned } from '../engine/loop-parts.ts'
import { allowedAt, NOTHING_HELD, type Held } from '../lists/held.ts'
import type { SourceMaker } from '../source/source.ts'
import { decide, type Decided, type Decision } from './decide.ts'
import { readFail2ban, readOperatorFiles } from './files.ts'
import { readIgnoreFiles, withFiles } from './ignore-files.ts'
import {
  joinLocal,
  localKeys,
  NO_LOCAL_TUNING,
  overridesWith,
  withLocal,
  type LocalChange,
  type LocalTuning,
} from './local.ts'
import { listen, readingsOf, wantedOf, type Listening, type Placed, type Reading } from './listen.ts'
import { ALONE, canonical, neverBan, type LocalNetworks, type Protected, type Surroundings } from './never.ts'
import { Names } from './names.ts'
import { standingOf, type JailStanding } from './standing.ts'
import { addressesOf, Lookout } from './surroundings.ts'

/** After so long a jail that was put aside is tried again: what held it up may be over. */
const ASIDE_MS = 600_000

const asideUntil = (until: number): string =>
  `its expressions took too long on several lines, so it reads nothing; its bans stay. Simplify them, then run: warder reload. It is tried again at ${new Date(until).toISOString()}`

/** All that the configuration, the server's wishes and the surroundings come to. */
export interface Built {
  readonly planned: Planned
  readonly jails: readonly JailStanding[]
  readonly listening: Listening
  /** What every jail reads, those that are paused included: nothing else may be looked into. */
  readonly readings: readonly Reading[]
  /** The wishes that are in it. */
  readonly wanted: WantedSettings
  /** What is known of single addresses that is in it. */
  readonly held: Held
  readonly decided: Decided
  /** What was changed by hand on this node, above all else. */
  readonly local: LocalTuning
  /** Host names that never count, with their addresses. */
  readonly names: readonly (readonly [string, readonly string[]])[]
  /** Files of addresses that never count, with what they hold. */
  readonly ignoreFiles: readonly (readonly [string, string | null])[]
  /** Who is never banned, and why. */
  readonly never: readonly Protected[]
  readonly localNetworks: LocalNetworks
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
  /** Asked at each load which installation of fail2ban is taken over; absent: what the configuration said. */
  readonly fail2banConfig?: () => Promise<string | undefined>
  readonly held?: Held
}

/** What a node is told beside its files: by the server, by hand, and of single addresses. */
interface Told {
  readonly wanted: WantedSettings
  readonly local: LocalTuning
  readonly held: Held
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
  #local = NO_LOCAL_TUNING
  #fail2ban: string | undefined
  #held: Held
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
    this.#fail2ban = parts.config.fail2ban_config
    this.#held = parts.held ?? NOTHING_HELD
  }

  /** The cluster that the node is in. */
  get cluster(): string | null {
    return this.#around.cluster
  }

  /** Reads the files and looks around, at the start and on a reload. What was changed by hand is over. */
  async load(): Promise<Built> {
    const { config } = this.#parts
    const reread = await this.#rereadFail2ban()
    const above = [
      ...(this.#fail2ban === undefined ? [] : [await readFail2ban(this.#fail2ban)]),
      await readOperatorFiles(config.config_dir),
    ]
    this.#fileProblems = [...reread, ...above.flatMap(({ problems }) => problems)]
    this.#configuration = readConfiguration([
      { name: 'warder', files: shippedFiles() },
      ...above.map(({ layer }) => layer),
    ])
    this.#around = await this.#lookout.look()
    this.#journalTrouble = 'not asked yet'
    this.#aside.clear()
    return this.#build(this.#wanted, NO_LOCAL_TUNING)
  }

  /** What to run now that other addresses may be around and globs may find other files. */
  async refresh(before: Built): Promise<Built> {
    this.#around = await this.#lookout.look()
    return this.#place(before.decided, this.#told)
  }

  /** What to run with other lists, operators or addresses that are allowed. */
  async hold(change: Partial<Held>, before: Built): Promise<Built> {
    return this.#place(before.decided, { ...this.#told, held: { ...before.held, ...change } })
  }

  /** Lets a jail hear nothing for ten minutes, or until the next reload; its bans stay. */
  async putAside(jail: string, before: Built): Promise<Built> {
    this.#aside.set(jail, this.#parts.clock.now() + ASIDE_MS)
    return this.#place(before.decided, this.#told)
  }

  /** Tries a change of one jail on this node. A refused one changes nothing. */
  async tune(jail: string, change: LocalChange): Promise<Offered> {
    const built = await this.#build(this.#wanted, joinLocal(this.#local, jail, change))
    const found = built.jails.find(({ name }) => name === jail)
    if (!found) return { ok: false, reason: `there is no jail ${jail} on this node` }
    if (found.state !== 'failed') return { ok: true, built }
    return { ok: false, reason: `jail ${jail} cannot run here: ${found.reason ?? 'it is broken'}` }
  }

  /** Tries the server's wishes. Refused ones change nothing; what was changed by hand ends with those that are not. */
  async offer(wanted: WantedSettings): Promise<Offered> {
    const built = await this.#build(wanted, NO_LOCAL_TUNING)
    const failed = built.jails.find(
      (jail) => jail.state === 'failed' && wanted.jails[jail.name]?.enabled === true,
    )
    if (!failed) return { ok: true, built }
    return {
      ok: false,
      reason: `jail ${failed.name} cannot run here: ${failed.reason ?? 'it is broken'}`.slice(0, 1_000),
    }
  }

  /** What to run with wishes that ran before. Going back is never refused: what cannot run any more is told. */
  goBackTo(wanted: WantedSettings): Promise<Built> {
    return this.#build(wanted, NO_LOCAL_TUNING)
  }

  /** To be called once what was built is in force. */
  adopt(built: Built): void {
    this.#wanted = built.wanted
    this.#local = built.local
    this.#held = built.held
    this.#lastGood = new Map(built.good.map((jail) => [jail.name, jail]))
  }

  /** All that is wanted of this node beside its files. */
  get #told(): Told {
    return { wanted: this.#wanted, local: this.#local, held: this.#held }
  }

  /** A jail as it is, or without sources while it is put aside. */
  #unlessAside(each: Placed): Placed {
    const until = this.#aside.get(each.decision.name)
    if (until === undefined || each.decision.state !== 'running') return each
    if (until <= this.#parts.clock.now()) {
      this.#aside.delete(each.decision.name)
      return each
    }
    return {
      decision: { ...each.decision, reason: asideUntil(until) },
      sources: [],
      successSources: [],
      isAside: true,
    }
  }

  /** A file that cannot be read changes nothing: what it said before holds on. */
  async #rereadFail2ban(): Promise<readonly string[]> {
    try {
      const { fail2banConfig } = this.#parts
      if (fail2banConfig) this.#fail2ban = await fail2banConfig()
      return []
    } catch (err) {
      return [`error: ${err instanceof Error ? err.message : String(err)}`]
    }
  }

  #build(wanted: WantedSettings, local: LocalTuning): Promise<Built> {
    const decided = decide({
      configuration: this.#configuration,
      overrides: overridesWith(wanted.jails, local),
      lastGood: this.#lastGood,
    })
    return this.#place(decided, { wanted, local, held: this.#held })
  }

  async #place(written: Decided, { wanted, local, held }: Told): Promise<Built> {
    const changed = written.decisions.map((each) => withLocal(each, local))
    const files = await readIgnoreFiles(changed)
    const widened = changed.map((each) => withFiles(each, files))
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
    const { sources, config, clock } = this.#parts
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
    const never = neverBan({
      around: this.#around,
      placed,
      filterLocal: filtered,
      names,
      ...allowedAt(held, clock.now()),
    })
    return {
      planned: plan(placed, never, held.lists.deny),
      never: never.groups,
      localNetworks: { filtered, networks: canonical(this.#around.networks) },
      jails: placed.map((each, at) =>
        standingOf({ ...each, sources: found[at]?.sources ?? [] }, localKeys(local.get(each.decision.name))),
      ),
      listening: wantedOf(placed),
      readings: readingsOf(found),
      wanted,
      held,
      names: [...names],
      ignoreFiles: [...files],
      decided: written,
      local,
      good: placed.flatMap(({ decision }) => (decision.state === 'running' ? [decision.configured] : [])),
      problems: [
        ...this.#fileProblems,
        ...[...told, ...homeless, ...unread, ...unanswered].map(formatProblem),
      ],
    }
  }
}

const ALL_PORTS = { protocol: 'both', ports: 'all' } as const

function plan(
  placed: readonly Placed[],
  never: ReturnType<typeof neverBan>,
  denied: readonly Denied[],
): Planned {
  const running = placed.flatMap(({ decision, sources, successSources }) =>
    decision.state === 'running'
      ? [{ jail: decision.jail, sources, ...(successSources === undefined ? {} : { successSources }) }]
      : [],
  )
  return {
    engine: { jails: running, never: never.engine, denied },
    firewall: {
      jails: [
        ...running.map(({ jail: { definition } }) => ({
          name: definition.name,
          ports: definition.ports,
          ...(definition.blocktype === undefined ? {} : { blocktype: definition.blocktype }),
        })),
        ...[MANUAL_JAIL, SHARED_JAIL, BLOCKLIST_JAIL].map((name) => ({ name, ports: ALL_PORTS })),
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

/** What tells two results apart for everyone but the operator: the same text means that nothing has to be done. */
export const keyOf = ({
  planned,
  never,
  localNetworks,
  jails,
  listening,
  names,
  ignoreFiles,
  wanted,
  held,
}: Built): string =>
  JSON.stringify([
    never,
    localNetworks,
    planned.firewall,
    jails,
    listening,
    names,
    ignoreFiles,
    wanted.revision,
    held.lists.wanted.stamp,
  ])

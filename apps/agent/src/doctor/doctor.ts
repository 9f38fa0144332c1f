import type { EpochMs, NodeEvent } from '@warder/core'
import { readSamples, shippedNames, type Sample } from '@warder/filters'
import type { Clock } from '@warder/daemon'
import type { DoctorHop, DoctorJail, DoctorReport, NodeStatus } from '@warder/protocol'
import type { Loop } from '../engine/loop.ts'
import type { Firewall } from '../firewall/firewall.ts'
import { globalOf } from '../hardening/sshd-conf.ts'
import type { Hardener } from '../hardening/hardener.ts'
import type { Built } from '../settings/settings.ts'
import type { Outbox } from '../state/outbox.ts'
import { servicesIn, type Here } from './author.ts'
import { casesOf } from './cases.ts'
import type { Candidate } from './candidates.ts'
import { examine, type ExamineParts, type Patient } from './examine.ts'
import type { Sieve } from './sieve.ts'
import type { Way } from './way.ts'

/** A file that is not there stays so; one that is there is being read after this (ms). */
const SETTLING_MS = 2_000

/** As many as a report holds. */
const MOST_JAILS = 200

/** What the doctor works with. */
export interface DoctorParts {
  readonly clock: Clock
  readonly sieve: Sieve
  readonly way: Way
  readonly current: () => Built
  readonly loop: Pick<Loop, 'record' | 'bans'>
  readonly firewall: Pick<Firewall, 'tryOut'>
  readonly outbox: Pick<Outbox, 'last'>
  readonly status: () => NodeStatus
  readonly hardener: Hardener
  readonly zone: (at: EpochMs) => number
  readonly chance: () => number
  readonly write: (source: string, candidate: Candidate) => Promise<void>
  /** Looks at services and users of this machine. */
  readonly look: (services: readonly string[]) => Promise<Here>
  /** How the link stands; null: there is no server. */
  readonly link: () => { readonly isUp: boolean; readonly words: string } | null
}

/** Proves jails alive with marked lines, and looks for the known troubles. One at a time. */
export class Doctor {
  readonly #parts: DoctorParts
  #running: Promise<unknown> = Promise.resolve()

  constructor(parts: DoctorParts) {
    this.#parts = parts
  }

  /** Examines one jail, or all that are to run. @throws when there is no such jail */
  run(jail?: string): Promise<DoctorReport> {
    const done = this.#running.then(() => this.#run(jail))
    this.#running = done.catch(() => {})
    return done
  }

  async #run(jail: string | undefined): Promise<DoctorReport> {
    const { clock, current, status, loop, hardener, look } = this.#parts
    await this.#settled()
    const patients = this.#patients().filter(
      ({ definition }) => jail === undefined || definition.name === jail,
    )
    if (jail !== undefined && patients.length === 0)
      throw new Error(`there is no running jail ${jail}; warder status lists them`)
    const here = await look(patients.flatMap(({ definition }) => servicesIn(definition.filter.journalmatch)))
    const parts = this.#examineParts(here)
    const examined = await Promise.all(
      patients.slice(0, MOST_JAILS).map((patient) => examine(patient, parts)),
    )
    const jails = await this.#tell(examined)
    const [hardening, seen] = await Promise.all([hardener.list(), hardener.look()])
    const tries = seen.sshd.ok && seen.sshd.value ? globalOf(seen.sshd.value.settings, 'maxauthtries') : null
    const { held } = current()
    return {
      at: clock.now(),
      jails,
      findings: casesOf({
        now: clock.now(),
        status: status(),
        jails,
        bans: loop.bans(),
        hardening,
        isAnybodyNamed:
          held.lists.allow.length + held.local.length + held.operators.length > 0 ||
          patients.some(({ definition }) => namesSomebody(definition.ignoreip)),
        sshTries: tries === null ? null : Number(tries.value) || null,
      }),
    }
  }

  /** Sources that were only just begun are given a moment to find what they read. */
  async #settled(): Promise<void> {
    const { clock } = this.#parts
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = (): void => {
      const waiting = this.#patients().some(({ sources }) => sources.some(({ state }) => state === 'waiting'))
      if (!waiting) resolve()
    }
    using _looking = clock.every(SETTLING_MS / 20, look)
    using _end = clock.after(SETTLING_MS, () => resolve())
    look()
    await promise
  }

  #patients(): readonly Patient[] {
    const { current, status } = this.#parts
    const { planned, jails } = current()
    const { sources } = status()
    const states = new Map(jails.map(({ name, state }) => [name, state]))
    return planned.engine.jails.flatMap(({ jail, sources: ids }) => {
      const state = states.get(jail.definition.name)
      if (state !== 'running' && state !== 'paused') return []
      const own = sources.filter(({ id }) => ids.includes(id))
      return [{ definition: jail.definition, sources: own, isPaused: state === 'paused' }]
    })
  }

  #examineParts(here: Here): ExamineParts {
    const { clock, sieve, current, zone, chance, write, firewall, loop, status } = this.#parts
    const banned = new Set(loop.bans().map(({ ip }) => ip))
    const { firewall: report } = status()
    return {
      clock,
      sieve,
      never: current().planned.engine.never,
      zone,
      samples: samplesOf,
      chance,
      isTaken: (ip) => {
        const isTaken = banned.has(ip)
        // Each jail is told apart by its address.
        banned.add(ip)
        return isTaken
      },
      here,
      write,
      shadow: firewall.tryOut?.bind(firewall) ?? null,
      firewallTrouble: report.enforcing
        ? null
        : `The firewall enforces nothing: ${report.reason.replace(/\.$/, '')}.`,
    }
  }

  /** Records what came of it as events of their own, and follows them into the history. */
  async #tell(examined: readonly DoctorJail[]): Promise<DoctorJail[]> {
    const { loop, way, outbox, link } = this.#parts
    const events = examined.flatMap(({ jail, ip, verdict }): NodeEvent[] =>
      ip === null ? [] : [{ kind: 'jail.tried', jail, ip, passed: verdict !== 'broken' }],
    )
    if (events.length === 0) return [...examined]
    using trail = way.begin()
    const begun = performance.now()
    await loop.record(events)
    const standing = link()
    const { sentAt, ackedAt } = await trail.follow(outbox.last(), standing?.isUp === true)
    const hops = linkHops(standing, {
      sentMs: sentAt === null ? null : Math.max(0, sentAt - begun),
      ackedMs: ackedAt === null ? null : Math.max(0, ackedAt - (sentAt ?? begun)),
    })
    const isBroken = hops.some(({ state }) => state === 'broken')
    const isSkipped = hops.some(({ state }) => state === 'skipped')
    return examined.map((each) =>
      each.ip === null
        ? each
        : {
            ...each,
            hops: [...each.hops, ...hops],
            verdict: isBroken ? 'broken' : isSkipped && each.verdict === 'alive' ? 'partly' : each.verdict,
          },
    )
  }
}

/** Told to the server, and written down there. Without a server there is nothing to prove. */
function linkHops(
  link: { readonly isUp: boolean; readonly words: string } | null,
  { sentMs, ackedMs }: { readonly sentMs: number | null; readonly ackedMs: number | null },
): DoctorHop[] {
  const rounded = (ms: number): number => Math.round(ms * 10) / 10
  if (link === null)
    return [
      { hop: 'link', state: 'skipped', ms: null, said: 'This node has no server: bans work without one.' },
    ]
  if (sentMs === null)
    return [
      {
        hop: 'link',
        state: 'broken',
        ms: null,
        said: `It was not sent to the server: ${link.words}`.slice(0, 2_000),
      },
    ]
  const sent: DoctorHop = {
    hop: 'link',
    state: 'ok',
    ms: rounded(sentMs),
    said: 'It was sent to the server as an event of its own.',
  }
  return [
    sent,
    ackedMs === null
      ? {
          hop: 'history',
          state: 'broken',
          ms: null,
          said: 'The server did not say that it is in the history.',
        }
      : {
          hop: 'history',
          state: 'ok',
          ms: rounded(ackedMs),
          said: 'The server has it in its history, marked, and counted as no failure.',
        },
  ]
}

const namesSomebody = (ignoreip: readonly string[]): boolean =>
  ignoreip.some((target) => !/^(?:127\.|::1)/.test(target))

/** The samples of a shipped filter; another has none, and one that cannot be read is as if it had none. */
function samplesOf(filter: string): readonly Sample[] {
  if (!shippedNames().includes(filter)) return []
  try {
    return readSamples(filter)
  } catch {
    return []
  }
}

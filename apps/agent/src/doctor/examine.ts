import { isDeepStrictEqual } from 'node:util'
import { JOURNAL, type EpochMs, type JailDefinition, type LogLine, type NeverBan } from '@warder/core'
import type { Sample } from '@warder/filters'
import type { Clock } from '@warder/daemon'
import type { DoctorHop, DoctorJail, SourceStatus } from '@warder/protocol'
import { alternativesOf, asWhom, type Here, type Refusal } from './author.ts'
import { candidatesFor, type Candidate } from './candidates.ts'
import { documentationAddress } from './address.ts'
import type { Coming, Sieve } from './sieve.ts'
import { tryLine, type Trial, type Tried } from './trial.ts'

/** How long a marked line may be on its way from the log to the agent (ms). */
const READ_LIMIT_MS = 10_000

/** A jail that runs, and how its source fares. */
export interface Patient {
  readonly definition: JailDefinition
  readonly sources: readonly SourceStatus[]
  readonly isPaused: boolean
}

export interface ExamineParts {
  readonly clock: Clock
  readonly sieve: Sieve
  readonly never: NeverBan
  readonly zone: (at: EpochMs) => number
  readonly samples: (filter: string) => readonly Sample[]
  readonly chance: () => number
  readonly isTaken: (ip: string) => boolean
  readonly here: Here
  readonly write: (source: string, candidate: Candidate) => Promise<void>
  /** Puts an address into a set that drops nobody, and takes it out again; null: this firewall has none. @throws */
  readonly shadow: ((ip: string) => Promise<void>) | null
  readonly firewallTrouble: string | null
}

const hop = (
  name: DoctorHop['hop'],
  state: DoctorHop['state'],
  said: string,
  ms: number | null = null,
): DoctorHop => ({
  hop: name,
  state,
  ms: ms === null ? null : Math.round(ms * 10) / 10,
  said: said.slice(0, 2_000),
})

/** Follows a marked line through one jail, as far as the firewall. */
export async function examine(patient: Patient, parts: ExamineParts): Promise<DoctorJail> {
  const { definition, sources } = patient
  const source = sources.find(({ state }) => state === 'reading') ?? sources[0]
  const about = { jail: definition.name, source: source?.id ?? null, ip: null, line: null }
  if (definition.backend === 'bans')
    return {
      ...about,
      verdict: 'partly',
      hops: [hop('write', 'skipped', 'It counts the bans of other jails and reads no log.')],
    }
  if (source === undefined)
    return { ...about, verdict: 'broken', hops: [hop('read', 'broken', 'It has nothing to read.')] }
  if (patient.isPaused)
    return {
      ...about,
      verdict: 'broken',
      hops: [hop('match', 'broken', 'It is paused: its expressions took too long.')],
    }
  if (source.state !== 'reading') {
    const why = source.reason === undefined ? '' : `: ${source.reason}`
    return {
      ...about,
      verdict: 'broken',
      hops: [hop('read', 'broken', `${source.id} is ${source.state}${why}`)],
    }
  }
  const ip = documentationAddress(parts.chance(), parts.isTaken)
  const now = parts.clock.now()
  const trial = { definition, source: source.id, never: parts.never, zone: parts.zone }
  const samples = parts.samples(definition.filter.name)
  const { chosen, refused, isAnyWritable } = choose(trial, { ip, now, samples, here: parts.here })
  if (!isAnyWritable && refused.every(({ isNever }) => isNever))
    return {
      ...about,
      verdict: 'broken',
      hops: [hop('read', 'broken', `It never reads anything: ${wordsOf(refused)}.`)],
    }
  if (chosen.length === 0) {
    const why = isAnyWritable
      ? 'its filter has no fitting sample and its expressions suggest none'
      : wordsOf(refused)
    return { ...about, verdict: 'partly', hops: unwritten(definition, source, why) }
  }
  return follow({ patient, parts, trial, ip, source }, chosen)
}

const wordsOf = (refused: readonly Refusal[]): string =>
  [...new Set(refused.map(({ why }) => why))].join('; ')

interface Choice {
  /** One line for each way that it can be written, the plainest first. */
  readonly chosen: readonly Candidate[]
  readonly refused: readonly Refusal[]
  readonly isAnyWritable: boolean
}

/** The first lines that the jail would ban for. */
function choose(
  trial: Trial,
  {
    here,
    ...how
  }: {
    readonly ip: string
    readonly now: EpochMs
    readonly samples: readonly Sample[]
    readonly here: Here
  },
): Choice {
  const { definition, source } = trial
  const match = source === JOURNAL ? definition.filter.journalmatch : []
  const { writable, refused } = alternativesOf(match, here)
  const chosen = writable.flatMap(
    (as) =>
      candidatesFor({ definition, source, as, ...how }).find(
        ({ asRead }) => tryLine(trial, asRead, how.now).ban?.ip === how.ip,
      ) ?? [],
  )
  return { chosen, refused, isAnyWritable: writable.length > 0 }
}

function unwritten({ name }: JailDefinition, source: SourceStatus, because: string): DoctorHop[] {
  const why = `The doctor cannot write a line that ${name} would ban for: ${because}.`
  const read =
    source.lines > 0
      ? `${source.id} is read: ${source.lines} lines since the start of the agent.`
      : `${source.id} is read, but nothing was written there since the start of the agent.`
  return [hop('write', 'skipped', why), hop('read', 'ok', read)]
}

interface Way {
  readonly patient: Patient
  readonly parts: ExamineParts
  readonly trial: Trial
  readonly ip: string
  readonly source: SourceStatus
}

/** Tries one way of writing after the other. */
async function follow(way: Way, candidates: readonly Candidate[]): Promise<DoctorJail> {
  const whys: string[] = []
  for (const candidate of candidates) {
    using coming = way.parts.sieve.expect(candidate.text)
    const begun = performance.now()
    try {
      await way.parts.write(way.source.id, candidate)
    } catch (err) {
      whys.push(err instanceof Error ? err.message : String(err))
      continue
    }
    return concluded(way, candidate, await followWritten({ ...way, candidate, coming }, begun))
  }
  const said = `The marked line could not be written: ${whys.join('; ')}`
  return concluded(way, candidates[0], [hop('write', 'skipped', said)])
}

function concluded(
  { patient, source, ip }: Way,
  candidate: Candidate | undefined,
  hops: readonly DoctorHop[],
): DoctorJail {
  const isAny = (wanted: DoctorHop['state']): boolean => hops.some(({ state }) => state === wanted)
  return {
    jail: patient.definition.name,
    source: source.id,
    ip,
    line: candidate?.text.slice(0, 2_000) ?? null,
    verdict: isAny('broken') ? 'broken' : isAny('skipped') ? 'partly' : 'alive',
    hops: [...hops],
  }
}

interface Written extends Way {
  readonly candidate: Candidate
  readonly coming: Coming
}

async function followWritten(
  { parts, trial, ip, source, candidate, coming }: Written,
  begun: number,
): Promise<DoctorHop[]> {
  const written = performance.now()
  const whom = candidate.kind === 'journal' ? asWhom(candidate.author) : ''
  const hops = [
    hop(
      'write',
      'ok',
      `A marked line about ${ip} was written to ${whereTo(source.id)}${whom}.`,
      written - begun,
    ),
  ]
  const line = await within(parts.clock, coming.line)
  if (line === null) {
    const said = `It did not come back from ${whereTo(source.id)} within ${READ_LIMIT_MS / 1_000} s.`
    return [...hops, hop('read', 'broken', said)]
  }
  const read = performance.now()
  hops.push(hop('read', 'ok', 'It came back through the source that the jail reads.', read - written))
  const tried = tryLine(trial, line, parts.clock.now())
  const decided = performance.now()
  if (!isFound(tried, ip)) {
    const said = `As it was read, ${tried.reason}.`
    return [...hops, hop(tried.isMatch ? 'decision' : 'match', 'broken', said, decided - read)]
  }
  return [
    ...hops,
    hop('match', 'ok', 'The filter finds the address.', decided - read),
    hop(
      'decision',
      'ok',
      'A jail as this one, with one failure as enough, bans it; the jail itself counted nothing.',
      0,
    ),
    await tryFirewall(parts, ip),
  ]
}

const isFound = ({ ban }: Tried, ip: string): boolean => isDeepStrictEqual(ban?.ip, ip)

const whereTo = (source: string): string => (source === JOURNAL ? 'the journal' : source)

async function tryFirewall({ shadow, firewallTrouble }: ExamineParts, ip: string): Promise<DoctorHop> {
  if (firewallTrouble !== null) return hop('firewall', 'broken', firewallTrouble)
  if (shadow === null)
    return hop(
      'firewall',
      'skipped',
      'This firewall has no set to try it on; bans themselves are compared every minute.',
    )
  const begun = performance.now()
  try {
    await shadow(ip)
    const said = 'The kernel took the address into a set that drops nobody, showed it there and let it go.'
    return hop('firewall', 'ok', said, performance.now() - begun)
  } catch (err) {
    return hop('firewall', 'broken', err instanceof Error ? err.message : String(err))
  }
}

async function within(clock: Clock, coming: Promise<LogLine>): Promise<LogLine | null> {
  const late = Promise.withResolvers<null>()
  using _ = clock.after(READ_LIMIT_MS, () => late.resolve(null))
  // Awaited here: the limit ends with this function.
  return await Promise.race([coming, late.promise])
}

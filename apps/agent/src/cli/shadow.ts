import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfiguration } from '@warder/conf'
import { IGNORE_WORDS, explainBan, parseDuration, type JailDefinition, type NodeEvent } from '@warder/core'
import { endSignal, makeLogger, systemClock, type Clock } from '@warder/daemon'
import { shippedFiles } from '@warder/filters'
import { makeAgent, type Agent } from '../agent.ts'
import { loadAgentConfig, toAgentConfig } from '../config/load.ts'
import { Comparison, type Difference, type Summary } from '../fail2ban/compare.ts'
import { BanDatabase, DatabaseError } from '../fail2ban/database.ts'
import { Poll } from '../fail2ban/poll.ts'
import { MemoryFirewall } from '../firewall/memory.ts'
import { EXIT, isOn, printJson, textOf, type Call, type Exit } from './command.ts'
import type { Found } from './import-report.ts'
import { printable } from './show.ts'

const LOOK_EVERY_MS = 1_000
const TOLERANCE = '15s'

/**
 * Runs beside fail2ban on its configuration, with an engine and a state of its own and without a firewall, and tells where
 * the decisions differ.
 */
export async function shadow(call: Call, found: Found): Promise<Exit> {
  const { folder, installation, database, trouble } = found
  if (trouble !== null) throw trouble
  if (database === null)
    throw new DatabaseError(
      'fail2ban keeps no database, so there is nothing to compare with',
      'Set dbfile in /etc/fail2ban/fail2ban.local and restart fail2ban, or name one with --database.',
    )
  const jails = new Map(
    installation.jails.flatMap(({ name, definition }) => (definition === null ? [] : [[name, definition]])),
  )
  if (jails.size === 0) {
    call.complain(`${folder} enables no jail that can run, so there is nothing to compare.\n`)
    return EXIT.failed
  }
  for (const problem of installation.problems) call.complain(`${problem}\n`)
  for (const { name, definition, remarks } of installation.jails)
    if (definition === null)
      call.complain(`Jail ${name} cannot run here and is not compared: ${printable(remarks.join('; '))}\n`)
  using open = new BanDatabase(database)
  const home = await mkdtemp(join(tmpdir(), 'warder-shadow-'))
  try {
    const toleranceMs = (parseDuration(textOf(call, 'tolerance') ?? TOLERANCE) ?? 15) * 1_000
    const watch = new Watch({ call, clock: systemClock, database: open, jails, toleranceMs })
    await using agent = await quietAgent({ call, home, folder, jails: new Set(jails.keys()) }, (events) =>
      watch.ours(events),
    )
    await agent.start()
    if (!isOn(call, 'json'))
      call.print(`Comparing ${[...jails.keys()].join(', ')}. Nobody is banned by Warder. Ctrl-C ends it.\n`)
    watch.begin()
    await over(call, systemClock)
    watch.end()
    return EXIT.ok
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

interface Parts {
  readonly call: Call
  readonly clock: Clock
  readonly database: BanDatabase
  readonly jails: ReadonlyMap<string, JailDefinition>
  readonly toleranceMs: number
}

/** Looks at both and tells the differences as they show. */
class Watch {
  readonly #parts: Parts
  readonly #comparison: Comparison
  readonly #poll: Poll
  readonly #timers = new DisposableStack()
  /** Older bans of the database say nothing new, in seconds since 1970. */
  readonly #youngest: number
  #trouble = ''

  constructor(parts: Parts) {
    this.#parts = parts
    const startedAt = parts.clock.now()
    const findtimesMs = new Map(
      [...parts.jails].map(([name, { settings }]) => [name, settings.findtime * 1_000] as const),
    )
    this.#comparison = new Comparison({ toleranceMs: parts.toleranceMs, startedAt, findtimesMs })
    this.#poll = new Poll(parts.jails)
    this.#youngest = (startedAt - Math.max(...findtimesMs.values())) / 1_000
    const now = startedAt
    for (const verdict of new Poll(parts.jails).look(parts.database.bans()).changed)
      if ((verdict.until ?? Infinity) > now) this.#comparison.begin(verdict)
    this.#poll.look(parts.database.bans(this.#youngest))
  }

  begin(): void {
    this.#timers.use(this.#parts.clock.every(LOOK_EVERY_MS, () => this.#look()))
  }

  ours(events: readonly NodeEvent[]): void {
    const now = this.#parts.clock.now()
    for (const event of events) {
      if (event.kind === 'failure.found') this.#comparison.noteFailure(event.jail, event.ip, null)
      else if (event.kind === 'failure.ignored')
        this.#comparison.noteFailure(event.jail, event.ip, IGNORE_WORDS[event.reason])
      else if (event.kind === 'ban.added' || event.kind === 'ban.extended') {
        const { jail, ip, at, until, ticket } = event.ban
        const verdict = { jail, ip, at: ticket?.last ?? at, until, why: explainBan(event.ban) }
        if (this.#parts.jails.has(jail)) this.#tell(this.#comparison.note('ours', verdict, now))
      } else if (event.kind === 'ban.lifted') this.#comparison.lifted('ours', event, now)
    }
  }

  /** Looks a last time and tells the sum. */
  end(): void {
    this.#timers.dispose()
    this.#look()
    const { call } = this.#parts
    const summary = this.#comparison.summary()
    if (isOn(call, 'json')) printJson(call, { summary })
    else call.print(inWords(summary))
  }

  #look(): void {
    const now = this.#parts.clock.now()
    try {
      const { changed, lifted } = this.#poll.look(this.#parts.database.bans(this.#youngest))
      for (const ban of lifted) this.#comparison.lifted('theirs', ban, now)
      for (const verdict of changed) this.#tell(this.#comparison.note('theirs', verdict, now))
      this.#trouble = ''
    } catch (err) {
      const told = err instanceof Error ? err.message : String(err)
      if (told !== this.#trouble) this.#parts.call.complain(`${told}\nIt is tried again.\n`)
      this.#trouble = told
    }
    this.#tell(this.#comparison.settle(now))
  }

  #tell(differences: readonly Difference[]): void {
    const { call, clock } = this.#parts
    const at = new Date(clock.now()).toISOString()
    for (const each of differences) {
      if (isOn(call, 'json')) printJson(call, { at, ...each })
      else call.print(`${at}  ${each.kind}: ${printable(`${each.jail} ${each.ip}: ${each.why}`)}\n`)
    }
  }
}

interface Quiet {
  readonly call: Call
  readonly home: string
  readonly folder: string
  /** What fail2ban runs; no other jail does. */
  readonly jails: ReadonlySet<string>
}

/** An agent with nothing of the node's own: no firewall, no server, and a state that goes with it. */
async function quietAgent(
  { call, home, folder, jails }: Quiet,
  onEvents: (events: readonly NodeEvent[]) => void,
): Promise<Agent> {
  const etc = join(home, 'etc')
  await mkdir(etc)
  const shipped = readConfiguration([{ name: 'warder', files: shippedFiles() }]).jails
  const off = shipped.filter(({ name, settings }) => settings.enabled && !jails.has(name))
  const sections = off.map(({ name }) => `[${name}]\nenabled = false\n`)
  // fail2ban bans no prefix, so with ours no ban of an IPv6 address would have its counterpart.
  await writeFile(join(etc, 'jail.local'), `[DEFAULT]\nipv6prefix = 128\n${sections.join('')}`)
  const { server: _, join: __, ...node } = await loadAgentConfig(textOf(call, 'agent'))
  const config = toAgentConfig({
    ...node,
    state_dir: join(home, 'state'),
    config_dir: etc,
    socket: join(home, 'agent.sock'),
    fail2ban_config: folder,
    firewall: 'memory',
  })
  const log = makeLogger({ name: 'warder', level: 'silent', form: 'json' })
  return makeAgent({ config, clock: systemClock, log, firewall: new MemoryFirewall(systemClock), onEvents })
}

/** Resolves after the time that was asked for, or when somebody ends it. */
async function over(call: Call, clock: Clock): Promise<void> {
  const length = textOf(call, 'for')
  const late = Promise.withResolvers<void>()
  using _ =
    length === undefined ? null : clock.after((parseDuration(length) ?? 0) * 1_000, () => late.resolve())
  await Promise.race([late.promise, endSignal()])
}

function inWords({
  agreed,
  onlyWarder,
  onlyFail2ban,
  otherEnd,
  late,
  unbanned,
  notComparable,
  open,
}: Summary): string {
  const more = [
    [otherEnd, 'of them with another end'],
    [late, 'agreed on late'],
    [unbanned, 'unbanned by one alone'],
    [notComparable, 'not comparable, begun before'],
    [open, 'too fresh to tell'],
  ] as const
  return [
    `Agreed ${agreed}, only Warder ${onlyWarder}, only fail2ban ${onlyFail2ban}`,
    ...more.flatMap(([number, words]) => (number > 0 ? [`${number} ${words}`] : [])),
  ]
    .join(', ')
    .concat('.\n')
}

import { randomInt } from 'node:crypto'
import { makeEngine, type EpochMs, type NodeEvent } from '@warder/core'
import type { Clock, Logger, LogRing } from '@warder/daemon'
import type { NodeStatus } from '@warder/protocol'
import type { AgentConfig } from './config/schema.ts'
import { answerParts } from './control/answer-parts.ts'
import { makeAnswers } from './control/answers.ts'
import { ControlSocket } from './control/socket.ts'
import { Asker } from './engine/asker.ts'
import { lookUpHost } from './engine/look-up.ts'
import { Loop } from './engine/loop.ts'
import { runProgram } from './engine/run-program.ts'
import { chooseFirewall } from './firewall/choose.ts'
import type { Firewall } from './firewall/firewall.ts'
import { endFormer } from './firewall/former.ts'
import { Doctor } from './doctor/doctor.ts'
import { Sieve } from './doctor/sieve.ts'
import { Way } from './doctor/way.ts'
import { Hardener } from './hardening/hardener.ts'
import { hostHere, type Host } from './host.ts'
import { freeBytesAt } from './health/disk.ts'
import { Tally } from './health/tally.ts'
import { standingOfLink } from './link/link-state.ts'
import type { Link } from './link/link.ts'
import { makeLink } from './linking.ts'
import { readLists } from './lists/held.ts'
import { logEvent, makeLogs, type Logs } from './log.ts'
import { Applier } from './settings/apply.ts'
import { goodJails } from './settings/good-jails.ts'
import { ClusterFile } from './suspension/cluster-file.ts'
import { Suspender } from './suspension/suspender.ts'
import { Settings } from './settings/settings.ts'
import { machineSources } from './source/machine.ts'
import { statusNow } from './status-now.ts'
import { watchOver } from './watch-over.ts'
import type { Running } from './running.ts'
import { Roster } from './source/roster.ts'
import type { SourceMaker } from './source/source.ts'
import { openState } from './state/state.ts'
import { VERSION } from './version.ts'

const COMMAND_LIMIT_MS = 10_000

/** What an agent is made of. `firewall` and `sources` are chosen from the configuration where absent. */
export interface AgentParts {
  readonly config: AgentConfig
  readonly clock: Clock
  readonly log: Logger
  /** Where the last lines of that log are kept, for who asks over the link. */
  readonly logged?: LogRing
  readonly firewall?: Firewall
  readonly sources?: SourceMaker
  /** Asked on each reload which installation of fail2ban is taken over; absent: as the configuration says. */
  readonly fail2banConfig?: () => Promise<string | undefined>
  /** The machine it cares for; absent: this one. */
  readonly host?: Host
  /** Told what happened, once it is on disk. */
  readonly onEvents?: (events: readonly NodeEvent[]) => void
}

/** The daemon on a node. */
export interface Agent {
  /** Resolves when bans are restored, sources are read and the control socket listens. @throws when it cannot run */
  start(): Promise<void>
  status(): NodeStatus
  /** Stops within 2 s. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Joins the parts of an agent; nothing happens before its start. */
export function makeAgent(parts: AgentParts): Agent {
  const { clock } = parts
  const logs = makeLogs(parts.log)
  const stack = new AsyncDisposableStack()
  const startedAt = clock.now()
  let running: Running | null = null

  const status = (): NodeStatus => {
    if (!running) throw new Error('the agent has not started')
    return statusNow(running, {
      at: clock.now(),
      startedAt,
      diskFreeBytes: freeBytesAt(parts.config.state_dir),
    })
  }
  return {
    status,
    async start() {
      try {
        await launch(parts, logs, { stack, status, onRunning: (all) => (running = all) })
      } catch (err) {
        await stack.disposeAsync()
        throw err
      }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

interface Frame {
  /** Takes everything with an end, in the order in which it was begun. */
  readonly stack: AsyncDisposableStack
  readonly status: () => NodeStatus
  /** Told once, when all parts are joined and before anybody is answered. */
  readonly onRunning: (all: Running) => void
}

/** The parts list: everything is made and joined here. */
async function launch(parts: AgentParts, logs: Logs, { stack, status, onRunning }: Frame): Promise<void> {
  const { config, clock } = parts
  const ready = Promise.withResolvers<Running>()
  stack.use(await openControl(parts, logs, { ready: ready.promise, status }))
  // Its tools are tried while the jails are read.
  const choosing = chosenFirewall(parts, logs)
  const state = openState(config.state_dir, clock.now())
  stack.defer(() => state.close())
  if (state.aside)
    logs.agent.error({ code: 'state.broken', path: state.aside }, 'the state was broken and is put aside')
  const sources = parts.sources ?? machineSources(clock)
  const settings = new Settings({
    config,
    clock,
    sources,
    lastGood: goodJails(state.facts).get(),
    wanted: state.settings.get(),
    ...(parts.fail2banConfig ? { fail2banConfig: parts.fail2banConfig } : {}),
    held: { lists: readLists(state.lists.get()), operators: [], local: state.lists.local() },
  })
  const built = await settings.load()
  for (const problem of built.problems) logs.settings.warn({ problem }, 'a problem of the configuration')

  const firewall = await choosing
  stack.use(firewall)
  if (config.on_stop === 'remove') stack.defer(() => firewall.remove())

  let link: Link | null = null
  const tally = new Tally()
  tally.begin(state.bans.counts())
  const onRecorded = (events: readonly NodeEvent[]): void => {
    for (const event of events) {
      logEvent(logs, event)
      tally.note(event)
    }
    parts.onEvents?.(events)
    link?.wake()
  }
  // The applier is made after the loop that it changes.
  const applying = Promise.withResolvers<Applier>()
  const onStuck = (jail: string): void =>
    void applying.promise.then((applier) => applier.putAside(jail)).catch(() => {})
  const asking = Promise.withResolvers<Asker>()
  const onAsked = (ask: Parameters<Asker['ask']>[0]): void =>
    void asking.promise.then((asker) => asker.ask(ask))
  const engine = makeEngine({
    zoneOffsetMinutes: localZone,
    seed: randomInt(2 ** 32),
    // They are in the state; in memory they would be most of what a long list of bans takes.
    keepsEvidence: false,
  })
  const loop = stack.use(
    new Loop({
      engine,
      firewall,
      state,
      clock,
      log: logs.loop,
      suspended: state.suspensions.current(),
      onRecorded,
      onStuck,
      onAsked,
    }),
  )
  asking.resolve(makeAsker(loop, clock, logs))
  state.backends.note(firewall.report().backend)
  await loop.start(built.planned, (report) => ({ kind: 'agent.started', agent: VERSION, firewall: report }))
  await endFormer({
    backends: state.backends,
    firewall,
    isInTrouble: loop.isInTrouble,
    choose: (wanted) => chooseFirewall({ wanted, guests: true, clock, log: logs.firewall }),
    log: logs.firewall,
  })
  const sieve = new Sieve(clock)
  const roster = stack.use(
    new Roster({
      maker: sources,
      cursor: (source) => loop.cursor(source),
      take: (source, batch) => loop.take(source, sieve.sift(batch)),
    }),
  )
  const onApplied = (): void => link?.wake()
  const applier = new Applier({ settings, loop, roster, state, clock, log: logs.settings, onApplied }, built)
  applying.resolve(applier)
  await roster.follow(built.listening, 'end')
  watchOver({ loop, roster, applier, clock }, stack)
  const file = new ClusterFile(config.pve_dir, clock)
  const suspender = stack.use(
    new Suspender({ loop, state, clock, log: logs.firewall, file, onChange: () => link?.wake() }),
  )
  suspender.start()
  const host = parts.host ?? hostHere(config, clock)
  const harden = { hardener: new Hardener(host.places, clock), socket: host.socket }
  const way = new Way(clock)
  const doctor = new Doctor({
    clock,
    sieve,
    way,
    current: () => applier.current,
    loop,
    firewall,
    outbox: state.outbox,
    status,
    hardener: harden.hardener,
    zone: localZone,
    chance: Math.random,
    write: host.write,
    look: host.look,
    link: () => standingOfLink(link),
  })
  link = await makeLink(config, logs, {
    clock,
    zone: localZone,
    state,
    settings,
    loop,
    applier,
    sources,
    suspender,
    status,
    way,
    harden,
    doctor,
    logged: parts.logged,
  })
  if (link) {
    stack.use(link)
    link.start()
  }
  const running = { loop, roster, applier, state, link, tally, suspender, doctor }
  onRunning(running)
  ready.resolve(running)
}

function chosenFirewall({ firewall, config, clock }: AgentParts, logs: Logs): Promise<Firewall> {
  const { firewall: wanted, protect_guests: guests } = config
  const chosen = firewall
    ? Promise.resolve(firewall)
    : chooseFirewall({ wanted, guests, clock, log: logs.firewall })
  // Whoever waits for it learns of a failure, unless something else failed before.
  chosen.catch(() => {})
  return chosen
}

function makeAsker(loop: Loop, clock: Clock, logs: Logs): Asker {
  return new Asker({
    clock,
    log: logs.loop,
    lookUp: (name) => lookUpHost(name),
    run: (argv) => runProgram(argv, { clock, limitMs: COMMAND_LIMIT_MS }),
    // In the mailbox failures are logged where they happen.
    onReplies: (replied) => loop.resume(replied).catch(() => {}),
  })
}

interface Desk {
  readonly ready: Promise<Running>
  readonly status: () => NodeStatus
}

/** Opened first of all: it also keeps a second agent from the state and the firewall of the first. */
async function openControl(
  { config, clock }: AgentParts,
  logs: Logs,
  { ready, status }: Desk,
): Promise<ControlSocket> {
  const control = new ControlSocket({
    path: config.socket,
    log: logs.control,
    answer: async (request) => makeAnswers(answerParts({ config, clock }, await ready, status))(request),
  })
  await control.start()
  return control
}

/** The node's local zone, for dates in logs that name none. */
const localZone = (at: EpochMs): number => -new Date(at).getTimezoneOffset()

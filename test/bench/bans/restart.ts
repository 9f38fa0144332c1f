import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { median } from '../measure.ts'
import { withMachine, type Lab } from './lab.ts'
import { addresses, addressOf, failuresOf } from './lines.ts'
import { Probe } from './probe.ts'
import { Program, type Banner } from './program.ts'
import { rounded } from './throughput.ts'

/** A restart with many active bans. */
export interface Restart {
  readonly program: string
  readonly bans: number
  /** From the start of the new process to a ban by lines that were written at that moment, milliseconds. */
  readonly ready_ms: number
  /** Packets of a banned address that got through from before the end of the old process to after that ban. */
  readonly leaked: number
  /** How many it sent meanwhile, and how many of an address that is not banned got through: the way was open. */
  readonly sent: number
  readonly passed: number
  /** Bans that were not in the kernel afterwards. */
  readonly lost: number
}

const LIMIT_S = 600
const PORT = 4_242
const NOBODY = '203.0.113.2'
const ATTACKER = '203.0.113.3'

const LISTENER = `
const counts = {}
const socket = require('node:dgram').createSocket('udp4')
socket.on('message', (_, { address }) => (counts[address] = (counts[address] ?? 0) + 1))
socket.bind(${PORT}, () => console.log('listening'))
process.on('SIGTERM', () => { console.log(JSON.stringify(counts)); process.exit() })`

const SENDER = `
const { createSocket } = require('node:dgram')
let sent = 0
for (const address of ${JSON.stringify([NOBODY, ATTACKER])}) {
  const socket = createSocket('udp4')
  socket.bind(0, address, () => setInterval(() => {
    socket.send('x', ${PORT}, '203.0.113.1')
    if (address === '${ATTACKER}') sent++
  }, 1))
}
process.on('SIGTERM', () => { console.log(JSON.stringify({ sent })); process.exit() })`

/** Stops a program that has banned many, starts it again, and watches whether packets get through meanwhile. */
export async function measureRestart(banner: Banner, bans: number, { runs, say }: Lab): Promise<Restart> {
  const all: Restart[] = []
  for (let round = 1; round <= runs; round++) {
    const one = await restartOnce(banner, bans)
    say(
      `${banner.name}: ready ${one.ready_ms} ms after its start, ${one.leaked} of ${one.sent} packets leaked`,
    )
    all.push(one)
  }
  const most = (of: (one: Restart) => number): number => Math.max(...all.map(of))
  return {
    program: banner.name,
    bans,
    ready_ms: median(all.map(({ ready_ms }) => ready_ms)),
    leaked: most(({ leaked }) => leaked),
    sent: Math.min(...all.map(({ sent }) => sent)),
    passed: Math.min(...all.map(({ passed }) => passed)),
    lost: most(({ lost }) => lost),
  }
}

const restartOnce = (banner: Banner, bans: number): Promise<Restart> =>
  withMachine(async ({ machine, network, folder }) => {
    const log = `${folder}/auth.log`
    writeFileSync(log, '')
    const outside = await network.addMachine('out', [2, 3])
    const place = { on: machine.on, folder, log }
    await using probe = new Probe(machine.on)
    await using listener = new Program(machine.on([process.execPath, '-e', LISTENER]))
    await listener.prints('listening')
    const elements = await (async () => {
      const before = await banner.start(place)
      const ips = [ATTACKER, ...addresses(0, bans - 1)]
      const made = ips.map(before.set)
      const ms = await probe.file(log, failuresOf(ips, before.maxretry), {
        wait: made.slice(-1),
        limit: LIMIT_S,
      })
      if (ms === null) throw new Error(`${banner.name} has not banned all of ${bans}`)
      for (let missing = made.length, tries = 0; missing > 0; tries++) {
        if (tries > 100) throw new Error(`${missing} of ${bans} are not in the kernel`)
        await pause(100)
        missing = await probe.missing(made)
      }
      await pause(2_000)
      // From here on whatever comes of the attacker has leaked.
      await using sender = new Program(outside.on([process.execPath, '-e', SENDER]))
      await pause(500)
      await before.stop()
      const next = addressOf(bans + 1)
      const wait = [before.set(next)]
      const starting = banner.start(place)
      const ready = await probe.file(log, failuresOf([next], before.maxretry), { wait, limit: LIMIT_S })
      await using after = await starting
      await pause(500)
      await sender.end('SIGTERM')
      const lost = await probe.missing(made)
      await after.stop()
      return { ready, sent: jsonOf(sender)['sent'] ?? 0, lost }
    })()
    await listener.end('SIGTERM')
    const counts = jsonOf(listener)
    return {
      program: banner.name,
      bans,
      ready_ms: rounded(elements.ready ?? Number.NaN, 0),
      leaked: counts[ATTACKER] ?? 0,
      sent: elements.sent,
      passed: counts[NOBODY] ?? 0,
      lost: elements.lost,
    }
  })

/** The last line that a program printed. */
function jsonOf(program: Program): Record<string, number> {
  return JSON.parse(program.output.trim().split('\n').at(-1) ?? '{}') as Record<string, number>
}

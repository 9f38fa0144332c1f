import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { threadCpuUsage } from 'node:process'
import { setTimeout as after } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ask } from './control/ask.ts'
import { AgentLab } from './lab.ts'

// As main.ts does: the linear engine of V8 takes over where it can.
setFlagsFromString('--enable-experimental-regexp-engine')
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
setFlagsFromString('--regexp-backtracks-before-fallback=20000')

/** What no line and no expression may take from anybody else. */
const MOST_MS = 250
const GOOD_BANS = 25
/** Backtracks without end, and its look-ahead keeps the linear engine away. */
const EVIL = String.raw`^(?:a+)+(?!b) from <HOST>$`
/** Backtracks with the third power of the line's length, until the linear engine takes over. */
const SLOW = String.raw`^.*x.*y.*x from <HOST>$`
const TRAPS = [20, 60, 2_000, 16_000].map((length) => `${'a'.repeat(length)}! from 192.0.2.9\n`)
const SWAMPS = [100, 1_900, 16_000].map((length) => `${'xy'.repeat(length / 2)}x from 192.0.2.9!\n`)

let lab: AgentLab
beforeEach(async () => {
  lab = await AgentLab.open()
})
afterEach(() => lab[Symbol.asyncDispose]())

const pathOf = (jail: string) => join(lab.folder, `${jail}.log`)

function addJail(jail: string, failregex: string): string {
  writeFileSync(
    join(lab.folder, 'etc', 'filter.d', `${jail}.conf`),
    `[Definition]\nfailregex = ${failregex}\n`,
  )
  writeFileSync(pathOf(jail), '')
  return `[${jail}]\nenabled = true\nfilter = ${jail}\nbackend = polling\nlogpath = ${pathOf(jail)}\nmaxretry = 1\nport = 22\n`
}

/** Work of this thread alone: what the machine does for others meanwhile is nobody's fault here. */
const workMs = (): number => {
  const { user, system } = threadCpuUsage()
  return (user + system) / 1_000
}

/** How long the thread worked without a turn for its timers, at the most. */
class Gaps implements Disposable {
  longest = 0
  #before = workMs()
  readonly #timer = setInterval(() => {
    const now = workMs()
    this.longest = Math.max(this.longest, now - this.#before)
    this.#before = now
  }, 5);

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}

/** Milliseconds of work, of anybody in this process, until something is done. */
async function workUntil(done: () => Promise<unknown>): Promise<number> {
  const before = workMs()
  await done()
  return workMs() - before
}

/** Until disposed of, lines come into a log all the time. */
function flood(jail: string, lines: readonly string[]): Disposable {
  const timer = setInterval(() => appendFileSync(pathOf(jail), lines.join('')), 10)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

const stateOf = (jail: string) => lab.agent?.status().jails.find(({ name }) => name === jail)

/** Fails in the good jail again and again, and asks the agent in between: the longest it took. */
async function bother(): Promise<{ ban: number; answer: number }> {
  let [ban, answer] = [0, 0]
  const before = lab.count('ban.added')
  for (let i = 1; i <= GOOD_BANS; i++) {
    const took = await workUntil(async () => {
      await lab.attack(`203.0.113.${i}`)
      await lab.seen('ban.added', before + i)
    })
    ban = Math.max(ban, took)
    answer = Math.max(answer, await workUntil(() => ask(lab.socket, { verb: 'status' })))
    await after(10)
  }
  return { ban, answer }
}

describe('an agent whose logs and expressions are hostile', () => {
  it('goes on detecting, banning and answering, and pauses the jail that is to blame', async () => {
    await lab.configure(addJail('evil', EVIL) + addJail('slow', SLOW))
    await lab.start()
    appendFileSync(pathOf('evil'), 'aa from 203.0.113.200\n')
    await lab.seen('ban.added')
    {
      using gaps = new Gaps()
      using _evil = flood('evil', TRAPS)
      using _slow = flood('slow', SWAMPS)
      const longest = await bother()
      expect(longest.ban).toBeLessThan(MOST_MS)
      expect(longest.answer).toBeLessThan(MOST_MS)
      expect(gaps.longest).toBeLessThan(MOST_MS)
    }
    expect(stateOf('evil')).toMatchObject({ state: 'paused', activeBans: 1 })
    expect(stateOf('evil')?.reason).toMatch(/took too long.*tried again at \d{4}-/)
    expect(stateOf('slow')).toMatchObject({ state: 'running' })
    expect(stateOf('door')).toMatchObject({ state: 'running', activeBans: GOOD_BANS })
    expect(await lab.banned()).toContain('evil 203.0.113.200')
    await lab.server.until(() =>
      lab.server.statuses.some(({ jails }) => jails.some(({ state }) => state === 'paused')),
    )

    addJail('evil', '^a+ from <HOST>$')
    await ask(lab.socket, { verb: 'reload' })
    expect(stateOf('evil')).toMatchObject({ state: 'running' })
    appendFileSync(pathOf('evil'), 'aaa from 203.0.113.201\n')
    await expect.poll(() => lab.banned()).toContain('evil 203.0.113.201')
  })
})

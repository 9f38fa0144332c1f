import { ManualClock } from '@warder/daemon'
import type { WantedSettings } from '@warder/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AgentLab } from '../lab.ts'
import { failureOf, hasFailed, trialOf } from './trial.ts'

const wanted = (revision: number, confirmWithin?: number): WantedSettings => ({
  revision,
  jails: { door: { maxretry: revision + 1 } },
  ...(confirmWithin === undefined ? {} : { confirmWithin }),
})

describe('a trial', () => {
  it.each([
    ['of settings that are to be confirmed begins when they are applied', wanted(2, 60), null, 1],
    [
      'goes back behind one that is not over',
      wanted(3, 60),
      trialOf(wanted(2, 60), { wanted: wanted(1), trial: null }, 0),
      1,
    ],
    ['is none where nothing is to be confirmed', wanted(2), null, null],
    [
      'ends with settings that are not to be confirmed',
      wanted(3),
      trialOf(wanted(2, 60), { wanted: wanted(1), trial: null }, 0),
      null,
    ],
  ])('%s', (_, next, trial, goesBackTo) => {
    const begun = trialOf(next, { wanted: trial?.wanted ?? wanted(1), trial }, 5_000)
    expect(begun?.previous.revision ?? null).toBe(goesBackTo)
    if (begun)
      expect([begun.until, hasFailed(begun, 64_999), hasFailed(begun, 65_000)]).toEqual([65_000, false, true])
  })

  it('that failed says so', () => {
    const trial = trialOf(wanted(2, 60), { wanted: wanted(1), trial: null }, 0)
    expect(trial && failureOf(trial)).toContain('within 60 s')
  })
})

describe('an agent with settings on trial', () => {
  let lab: AgentLab
  let clock: ManualClock
  beforeEach(async () => {
    lab = await AgentLab.open()
    clock = new ManualClock(Date.now())
    lab.useClock(clock)
    lab.server.settings = wanted(1)
    await lab.start()
    await lab.seen('settings.applied')
  })
  afterEach(() => lab[Symbol.asyncDispose]())

  const maxretry = () => lab.agent?.status().jails.find(({ name }) => name === 'door')?.effective.maxretry
  const refusals = () => lab.server.history.filter(({ event }) => event.kind === 'settings.refused')
  /** Settings reach the agent, whose answers the server does not acknowledge any more. */
  const cutOffBy = async (settings: WantedSettings) => {
    lab.server.acks = false
    lab.server.settings = settings
    lab.server.send({ kind: 'settings', settings })
    await lab.seen('settings.applied', 2)
    await expect.poll(maxretry).toBe(settings.revision + 1)
  }

  /** What comes next is dealt with behind any going back: there was none. */
  const outlived = async (applied: number) => {
    expect(maxretry()).toBe(3)
    lab.server.settings = wanted(3)
    // The jump of the clock cost the link.
    const isTold = () => (clock.advance(1_000), lab.count('settings.applied'))
    await expect.poll(isTold, { timeout: 10_000 }).toBe(applied)
    expect(refusals()).toEqual([])
  }

  it('keeps them when the server acknowledged that they were applied', async () => {
    lab.server.settings = wanted(2, 60)
    lab.server.send({ kind: 'settings', settings: wanted(2, 60) })
    await lab.seen('settings.applied', 2)
    await expect.poll(() => (clock.advance(20_000), lab.agent?.status().outboxDepth)).toBe(0)
    clock.advance(120_000)
    await outlived(3)
  })

  it('goes back by itself when it cannot reach the server in time, and does not try them again', async () => {
    await cutOffBy(wanted(2, 60))
    lab.server.manner = 'silent'
    lab.server.close(null)
    clock.advance(59_000)
    expect(maxretry()).toBe(3)
    clock.advance(2_000)
    await expect.poll(maxretry).toBe(2)
    // It is back within reach: the server hears why, and its settings of that number change nothing.
    lab.server.acks = true
    lab.server.manner = 'welcome'
    await expect.poll(() => (clock.advance(30_000), refusals().length), { timeout: 10_000 }).toBe(1)
    const [refused] = refusals()
    expect(refused?.event).toMatchObject({
      revision: 2,
      reason: expect.stringContaining('went back to revision 1'),
    })
    lab.server.send({ kind: 'settings', settings: wanted(3) })
    await lab.seen('settings.applied', 3)
    expect(refusals()).toHaveLength(1)
    await expect.poll(maxretry).toBe(4)
  })

  it.each([
    ['inside the time', 30_000, 31_000],
    ['after it', 61_000, 1_000],
  ])('goes back also when it was restarted %s', async (_, before, after) => {
    await cutOffBy(wanted(2, 60))
    lab.server.manner = 'silent'
    await lab.stop()
    clock.advance(before)
    await lab.start()
    expect(maxretry()).toBe(3)
    clock.advance(after)
    await expect.poll(maxretry).toBe(2)
    await lab.stop()
    await lab.start()
    expect([maxretry(), lab.agent?.status().revision]).toEqual([2, 1])
  })

  it('keeps them when it reaches the server after a restart', async () => {
    await cutOffBy(wanted(2, 60))
    await lab.stop()
    lab.server.acks = true
    await lab.start()
    const welcomes = lab.server.statuses.length
    await lab.server.until(() => lab.server.statuses.length > welcomes)
    clock.advance(120_000)
    await outlived(3)
  })
})

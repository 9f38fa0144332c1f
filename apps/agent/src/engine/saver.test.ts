import { makeLogger, ManualClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { StateError, type State } from '../state/state.ts'
import { LoopLab } from './loop-lab.ts'
import { Saver } from './saver.ts'

const log = makeLogger({ name: 'test', level: 'silent', form: 'json' })

interface Rig {
  readonly saver: Saver
  readonly clock: ManualClock
  /** Hands over a write of this name. */
  readonly save: (name: string, held?: number) => Promise<void>
  /** What was written, each transaction by its names. */
  readonly written: readonly string[][]
  /** Names whose `done` was called. */
  readonly done: readonly string[]
  readonly disk: { full: boolean }
}

async function withRig(work: (rig: Rig) => Promise<void>): Promise<void> {
  await using lab = new LoopLab()
  const written: string[][] = []
  const done: string[] = []
  const disk = { full: false }
  const together: State['together'] = (write) => {
    if (disk.full) throw new StateError(new Error('the disk is full'))
    written.push([])
    return lab.state.together(write)
  }
  const state: State = { ...lab.state, together }
  const saver = new Saver({ state, clock: lab.clock, log })
  const save = (name: string, held?: number): Promise<void> =>
    saver.save({
      write: () => void written.at(-1)?.push(name),
      done: () => void done.push(name),
      ...(held === undefined ? {} : { held }),
    })
  await work({ saver, clock: lab.clock, save, written, done, disk })
}

describe('writes that are held', () => {
  it.each<[string, (rig: Rig) => void | Promise<void>]>([
    ['a write that is not', ({ save }) => save('last')],
    ['the end of what they were held for', ({ saver }) => saver.release()],
    ['the last write of all', ({ saver }) => saver.end()],
    ['65,000 effects', ({ save }) => save('last', 64_990)],
    [
      'a second, and the next held write',
      ({ clock, save }) => {
        clock.advance(1_000)
        return save('last', 1)
      },
    ],
    [
      'a second, and the next tick',
      ({ clock, saver }) => {
        clock.advance(1_000)
        saver.again()
      },
    ],
  ])('wait for %s, and go in one transaction', (_, release) =>
    withRig(async (rig) => {
      await rig.save('a', 5)
      await rig.save('b', 5)
      rig.saver.again()
      expect([rig.written, rig.done]).toEqual([[], []])
      await release(rig)
      expect(rig.written.length).toBe(1)
      expect(rig.written[0]?.slice(0, 2)).toEqual(['a', 'b'])
      expect(rig.done).toEqual(rig.written[0])
    }),
  )

  it('are told of once, and written in order, when the disk takes nothing for a while', () =>
    withRig(async ({ save, saver, written, done, disk }) => {
      disk.full = true
      await save('a', 5)
      saver.release()
      expect([written, done]).toEqual([[], ['a']])
      // Nothing is held while something waits for the disk.
      await save('b', 5)
      expect(done).toEqual(['a', 'b'])
      disk.full = false
      saver.again()
      expect([written, done]).toEqual([[['a', 'b']], ['a', 'b']])
    }))
})

import type { LogLine } from '@warder/core'
import { expect, it } from 'vitest'
import type { Batch, Source } from './source.ts'

/** A place to write to and a source that reads it. */
export interface SourceRig extends AsyncDisposable {
  /** Lets the place have these lines, in order. */
  write(lines: readonly string[]): Promise<void>
  /** A new source over the same place; it may be started once. */
  make(): Source
  /** The line's own text, as it was written. */
  textOf(line: LogLine): string
}

/** Takes what a source delivers; `hold` makes deliveries wait. */
export class Taker {
  readonly lines: LogLine[] = []
  cursor: string | null = null
  deliveries = 0
  #gate: Promise<void> = Promise.resolve()
  readonly #waiting = new Set<() => void>()

  readonly deliver = async (batch: Batch): Promise<void> => {
    this.deliveries++
    this.#tell()
    await this.#gate
    this.lines.push(...batch.lines)
    this.cursor = batch.cursor
    this.#tell()
  }

  /** Deliveries wait until the returned function is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gate = promise
    return resolve
  }

  /** Resolves once the condition holds, looked at after each delivery. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  #tell(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`)

/** The suite that every source passes. */
export function sourceConforms(makeRig: () => Promise<SourceRig>): void {
  const read = async (rig: SourceRig, cursor: string | null, count: number) => {
    const taker = new Taker()
    const source = rig.make()
    await source.start(cursor, taker.deliver)
    await taker.until(() => taker.lines.length >= count)
    await source[Symbol.asyncDispose]()
    return { texts: taker.lines.map(rig.textOf), cursor: taker.cursor, lines: taker.lines }
  }

  it('delivers lines in order, under its own id', async () => {
    await using rig = await makeRig()
    const taker = new Taker()
    const source = rig.make()
    await source.start(null, taker.deliver)
    await rig.write(numbered(1, 3))
    await taker.until(() => taker.lines.length >= 3)
    await rig.write(numbered(4, 400))
    await taker.until(() => taker.lines.length >= 400)
    expect(source.status()).toEqual({ state: 'reading' })
    await source[Symbol.asyncDispose]()
    expect(taker.lines.map(rig.textOf)).toEqual(numbered(1, 400))
    expect(new Set(taker.lines.map((line) => line.source))).toEqual(new Set([source.id]))
  })

  it('loses and doubles nothing over a stop and a start with the cursor', async () => {
    await using rig = await makeRig()
    const taker = new Taker()
    const source = rig.make()
    await source.start(null, taker.deliver)
    await rig.write(numbered(1, 20))
    await taker.until(() => taker.lines.length >= 20)
    await source[Symbol.asyncDispose]()
    await rig.write(numbered(21, 30))
    const second = await read(rig, taker.cursor, 10)
    expect(second.texts).toEqual(numbered(21, 30))
    await rig.write(numbered(31, 33))
    expect((await read(rig, second.cursor, 3)).texts).toEqual(numbered(31, 33))
  })

  it('goes on from the last cursor that was saved, not from the last line that was delivered', async () => {
    await using rig = await makeRig()
    const taker = new Taker()
    const source = rig.make()
    await source.start(null, taker.deliver)
    await rig.write(numbered(1, 5))
    await taker.until(() => taker.lines.length >= 5)
    const saved = taker.cursor
    await rig.write(numbered(6, 9))
    await taker.until(() => taker.lines.length >= 9)
    await source[Symbol.asyncDispose]()
    expect((await read(rig, saved, 4)).texts).toEqual(numbered(6, 9))
  })

  it('reads no further while a delivery is under way, and waits for it when it ends', async () => {
    await using rig = await makeRig()
    const taker = new Taker()
    const source = rig.make()
    await source.start(null, taker.deliver)
    await rig.write(['first'])
    await taker.until(() => taker.lines.length >= 1)
    const release = taker.hold()
    const before = taker.deliveries
    await rig.write(['second'])
    await taker.until(() => taker.deliveries > before)
    await rig.write(numbered(1, 50))
    expect(taker.deliveries).toBe(before + 1)
    const ended = source[Symbol.asyncDispose]()
    release()
    await ended
    expect(taker.lines.map(rig.textOf).slice(0, 2)).toEqual(['first', 'second'])
  })

  it('stops delivering once it has ended', async () => {
    await using rig = await makeRig()
    const taker = new Taker()
    const source = rig.make()
    await source.start(null, taker.deliver)
    await rig.write(['first'])
    await taker.until(() => taker.lines.length >= 1)
    await source[Symbol.asyncDispose]()
    await rig.write(['second'])
    expect(taker.lines.length).toBe(1)
  })
}

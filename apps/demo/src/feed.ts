import type { EpochMs } from '@warder/core'
import type { Clock } from '@warder/daemon'
import { timeline, type Outage, type Script, type World, type WorldLine } from '@warder/simulator'

/** How often due lines are looked for. */
const TICK_MS = 50

/** After a pause this long (the machine slept) the world goes on from where it was, instead of catching up. */
const PAUSE_MS = 30_000

/** What the world is played to. */
export interface Stage {
  readonly world: World
  readonly clock: Clock
  /** Lines of a node in order of time, with their time in the clock's terms. Awaited before the next are looked for. */
  readonly deliver: (node: string, lines: readonly WorldLine[]) => Promise<void>
  /** The agent of a node should stop now, and come back after the outage. */
  readonly outage: (outage: Outage) => void
}

interface Playing {
  readonly lines: Iterator<WorldLine, void>
  next: WorldLine | null
  /** A moment of the world, and the moment of the clock when it is played. */
  readonly worldStart: EpochMs
  clockStart: EpochMs
  readonly speed: number
}

/** Plays scripts against the clock: each line is delivered when its time has come. */
export class Feed {
  readonly #stage: Stage
  #playing: readonly Playing[] = []
  #ticking: Promise<void> | null = null
  #lastTick: EpochMs
  #timer: Disposable | null = null

  constructor(stage: Stage) {
    this.#stage = stage
    this.#lastTick = stage.clock.now()
  }

  /** Begins a script now, `speed` times as fast as it is written; it ends by itself, if it has an end. */
  play(script: Script, speed: number): void {
    const now = this.#stage.clock.now()
    const lines = timeline(this.#stage.world, script, now)
    this.#playing = [
      ...this.#playing,
      { lines, next: lines.next().value ?? null, worldStart: now, clockStart: now, speed },
    ]
    for (const outage of script.outages) this.#stage.outage(outage)
  }

  start(): void {
    this.#timer = this.#stage.clock.every(TICK_MS, () => {
      this.#ticking ??= this.#tick().finally(() => (this.#ticking = null))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]()
    await this.#ticking
  }

  async #tick(): Promise<void> {
    const now = this.#stage.clock.now()
    const pause = now - this.#lastTick
    this.#lastTick = now
    if (pause > PAUSE_MS) for (const playing of this.#playing) playing.clockStart += pause
    const due = Map.groupBy(
      this.#playing.flatMap((playing) => takeDue(playing, now)),
      (line) => line.node,
    )
    this.#playing = this.#playing.filter((playing) => playing.next !== null)
    await Promise.all(
      [...due].map(([node, lines]) =>
        this.#stage.deliver(
          node,
          lines.toSorted((a, b) => a.at - b.at),
        ),
      ),
    )
  }
}

function takeDue(playing: Playing, now: EpochMs): readonly WorldLine[] {
  const due: WorldLine[] = []
  while (playing.next) {
    const at = playing.clockStart + (playing.next.at - playing.worldStart) / playing.speed
    if (at > now) break
    due.push({ ...playing.next, at: Math.round(at) })
    playing.next = playing.lines.next().value ?? null
  }
  return due
}

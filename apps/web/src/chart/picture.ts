import { english, formatCount, t } from '../language/t.ts'
import { edgesOf, scaleOf, stack } from './bars.ts'

/** Failures and bans per slot, and what is written on the picture. */
export interface PictureOf {
  readonly title: string
  readonly failures: readonly number[]
  readonly bans: readonly number[]
  /** Labels under the slots. */
  readonly ticks: readonly { readonly slot: number; readonly label: string }[]
}

/** The meaning of a colour, which the theme gives. */
export type Ink = 'paper' | 'ink' | 'weak' | 'line' | 'failures' | 'bans'

export type Stroke =
  | {
      readonly kind: 'rect'
      readonly ink: Ink
      readonly at: readonly [x: number, y: number, width: number, height: number]
    }
  | {
      readonly kind: 'text'
      readonly ink: Ink
      readonly text: string
      readonly x: number
      readonly y: number
      readonly align: 'start' | 'center' | 'end'
      readonly bold: boolean
    }

export const PICTURE = { width: 1200, height: 480 } as const
const EDGE = 32
const LANES = [
  { name: english('Failures'), key: 'failures', top: 84, height: 230 },
  { name: english('Bans'), key: 'bans', top: 340, height: 84 },
] as const

function laneOf(lane: (typeof LANES)[number], values: readonly number[]): readonly Stroke[] {
  const width = PICTURE.width - 2 * EDGE
  const { top } = scaleOf(values)
  const text = (words: string, x: number, align: 'start' | 'end'): Stroke => ({
    kind: 'text',
    ink: 'weak',
    text: words,
    x,
    y: lane.top - 8,
    align,
    bold: false,
  })
  const bars = stack([values])[0] ?? []
  return [
    text(t(lane.name), EDGE, 'start'),
    text(formatCount(top), EDGE + width, 'end'),
    { kind: 'rect', ink: 'line', at: [EDGE, lane.top, width, 1] },
    ...bars.map(({ slot, to }): Stroke => {
      const { left, right } = edgesOf(slot, { width, height: lane.height, slots: values.length, top })
      const high = Math.max(2, Math.round(Math.min(1, to / top) * lane.height))
      return {
        kind: 'rect',
        ink: lane.key,
        at: [EDGE + left, lane.top + lane.height - high, right - left, high],
      }
    }),
    { kind: 'rect', ink: 'weak', at: [EDGE, lane.top + lane.height, width, 1] },
  ]
}

/** A timeline → what is drawn to make a picture of it, in order. */
export function pictureOf({ title, failures, bans, ticks }: PictureOf): readonly Stroke[] {
  const width = PICTURE.width - 2 * EDGE
  const values = { failures, bans }
  return [
    { kind: 'rect', ink: 'paper', at: [0, 0, PICTURE.width, PICTURE.height] },
    { kind: 'text', ink: 'ink', text: title, x: EDGE, y: 40, align: 'start', bold: true },
    ...LANES.flatMap((lane) => laneOf(lane, values[lane.key])),
    ...ticks.map(({ slot, label }): Stroke => ({
      kind: 'text',
      ink: 'weak',
      text: label,
      x: EDGE + (slot / Math.max(1, failures.length)) * width,
      y: 450,
      align: 'center',
      bold: false,
    })),
  ]
}

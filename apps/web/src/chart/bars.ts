/** A bar of a stack: from where to where, in the units of the values. */
export interface Bar {
  readonly slot: number
  readonly from: number
  readonly to: number
}

/** Where a chart is drawn, in pixels. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly slots: number
  /** The value at the top. */
  readonly top: number
}

/** Series of values per slot → bars on top of each other, series by series. Empty ones are left out. */
export function stack(series: readonly (readonly number[])[]): readonly (readonly Bar[])[] {
  const heights: number[] = []
  return series.map((values) =>
    values.flatMap((value, slot) => {
      const from = heights[slot] ?? 0
      heights[slot] = from + value
      return value > 0 ? [{ slot, from, to: from + value }] : []
    }),
  )
}

/** Bars → one SVG path, on whole pixels so that edges are sharp. A bar of anything is at least a pixel and a half high. */
export function pathOf(bars: readonly Bar[], frame: Frame): string {
  const { height, slots, top } = frame
  if (top <= 0 || slots <= 0 || frame.width <= 0) return ''
  return bars
    .map(({ slot, from, to }) => {
      const { left, right } = edgesOf(slot, frame)
      const bottom = round(height - Math.min(1, from / top) * height)
      const high = Math.max(1.5, round((Math.min(1, to / top) - Math.min(1, from / top)) * height))
      return `M${left} ${bottom}V${round(bottom - high)}H${right}V${bottom}z`
    })
    .join('')
}

/** Where a slot's bar begins and ends, in pixels, with a gap to the next one where there is room. */
export function edgesOf(
  slot: number,
  { width, slots }: Frame,
): { readonly left: number; readonly right: number } {
  const step = width / slots
  const gap = step > 9 ? 2 : step > 3 ? 1 : 0
  const left = Math.round(slot * step)
  return { left, right: Math.max(left + 1, Math.round((slot + 1) * step) - gap) }
}

/** How a lane is scaled. Where it is cut, bars that do not fit are drawn to the top, with a break and their value. */
export interface Scale {
  readonly top: number
  readonly cut: boolean
}

/** From how many times the ordinary high value on a peak is cut off, so that the rest can be seen. */
const PEAK = 6

/** The scale for the sums of the slots: up to the highest one, or to the highest that is no peak when single peaks dwarf the rest. */
export function scaleOf(sums: readonly number[]): Scale {
  const most = Math.max(0, ...sums)
  const sorted = sums.filter((sum) => sum > 0).toSorted((a, b) => a - b)
  const ordinary = sorted[Math.floor((sorted.length - 1) * 0.95)] ?? 0
  if (sorted.length < 20 || most <= ordinary * PEAK) return { top: niceTop(most), cut: false }
  const fitting = sums.filter((sum) => sum <= ordinary * PEAK)
  return { top: niceTop(Math.max(ordinary * 2, ...fitting)), cut: true }
}

/** The slots whose peaks are told by number: the highest ones that leave each other `apart` slots of room. */
export function peaksOf(sums: readonly number[], { top, cut }: Scale, apart: number): readonly number[] {
  if (!cut) return []
  const over = sums
    .flatMap((sum, slot) => (sum > top ? [slot] : []))
    .toSorted((a, b) => (sums[b] ?? 0) - (sums[a] ?? 0))
  const told: number[] = []
  for (const slot of over) if (told.every((other) => Math.abs(other - slot) >= apart)) told.push(slot)
  return told
}

/** The round number that a scale ends with: 1, 2, 3, 4, 5, 6, 8 or 10 times a power of ten, at least `least`. */
export function niceTop(most: number, least = 4): number {
  const wanted = Math.max(most, least)
  const power = 10 ** Math.floor(Math.log10(wanted))
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= wanted) ?? 10
  return step * power
}

/** Whole hours inside a span (ms) for the axis, at most `most` of them, in steps that fall on midnight. */
export function hourTicks(from: number, to: number, most: number): readonly number[] {
  const HOUR = 3_600_000
  const hours = (to - from) / HOUR
  const step = [1, 2, 3, 4, 6, 12, 24, 48, 168].find((one) => hours / one <= most) ?? 168
  const first = new Date(from)
  first.setMinutes(0, 0, 0)
  const ticks: number[] = []
  for (let at = first.getTime(); at <= to; at += HOUR) {
    if (at < from) continue
    const local = new Date(at)
    const dayHour = local.getHours() + (step > 24 ? 24 * local.getDate() : 0)
    if (dayHour % step === 0) ticks.push(at)
  }
  return ticks
}

const round = (value: number): number => Math.round(value * 10) / 10

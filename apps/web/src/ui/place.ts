/** A rectangle of the screen, in pixels. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface Placing {
  readonly anchor: Box
  readonly size: { readonly width: number; readonly height: number }
  readonly screen: { readonly width: number; readonly height: number }
  /** Which edge of the anchor it keeps to. */
  readonly align: 'start' | 'end'
}

/** Distance to the anchor, and to the edges of the screen. */
const GAP = 6
const MARGIN = 12

/** Where something that belongs to an anchor goes: under it, above it where there is no room, never off the screen. */
export function place({ anchor, size, screen, align }: Placing): { left: number; top: number } {
  const wanted = align === 'start' ? anchor.left : anchor.left + anchor.width - size.width
  const left = Math.max(MARGIN, Math.min(wanted, screen.width - size.width - MARGIN))
  const under = anchor.top + anchor.height + GAP
  const above = anchor.top - size.height - GAP
  const fits = under + size.height + MARGIN <= screen.height
  if (fits) return { left, top: under }
  if (above >= MARGIN) return { left, top: above }
  return { left, top: Math.max(MARGIN, screen.height - size.height - MARGIN) }
}

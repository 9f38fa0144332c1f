/** How what opens beside a button or a number stands to it: distances in pixels; the page below can be used on. */
export const BESIDE = {
  sideOffset: 6,
  collisionPadding: 12,
  strategy: 'fixed',
  preventScroll: false,
} as const

import { describe, expect, it } from 'vitest'
import { place } from './place.ts'

const screen = { width: 400, height: 600 }
const size = { width: 200, height: 100 }

describe('place', () => {
  it.each([
    ['under the anchor', { left: 50, top: 100 }, 'start', { left: 50, top: 126 }],
    ['along its end', { left: 300, top: 100 }, 'end', { left: 140, top: 126 }],
    ['inside the screen on the right', { left: 350, top: 100 }, 'start', { left: 188, top: 126 }],
    ['inside the screen on the left', { left: 0, top: 100 }, 'end', { left: 12, top: 126 }],
    ['above, where there is no room under it', { left: 50, top: 520 }, 'start', { left: 50, top: 414 }],
  ] as const)('%s', (_name, at, align, expected) => {
    expect(place({ anchor: { ...at, width: 40, height: 20 }, size, screen, align })).toEqual(expected)
  })

  it('stays on a screen that is too low for either side', () => {
    const anchor = { left: 50, top: 60, width: 40, height: 20 }
    expect(
      place({
        anchor,
        size: { width: 200, height: 150 },
        screen: { width: 400, height: 200 },
        align: 'start',
      }).top,
    ).toBe(38)
  })
})

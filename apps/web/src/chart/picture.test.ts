import { describe, expect, it } from 'vitest'
import { PICTURE, pictureOf } from './picture.ts'

const strokes = pictureOf({
  title: 'Failures and bans, 20 Nov',
  failures: [0, 4, 2, 0],
  bans: [0, 0, 1, 0],
  ticks: [{ slot: 2, label: '12:00' }],
})

describe('pictureOf', () => {
  it('has a bar for each slot in which something happened', () => {
    const bars = (ink: string) => strokes.filter((stroke) => stroke.kind === 'rect' && stroke.ink === ink)
    expect([bars('failures').length, bars('bans').length]).toEqual([2, 1])
  })

  it('stays on the paper, which is drawn first', () => {
    expect(strokes[0]).toEqual({ kind: 'rect', ink: 'paper', at: [0, 0, PICTURE.width, PICTURE.height] })
    for (const stroke of strokes) {
      const [x, y, width, height] = stroke.kind === 'rect' ? stroke.at : [stroke.x, stroke.y, 0, 0]
      expect(x >= 0 && y >= 0 && x + width <= PICTURE.width && y + height <= PICTURE.height).toBe(true)
    }
  })

  it('says what it shows', () => {
    const words = strokes.flatMap((stroke) => (stroke.kind === 'text' ? [stroke.text] : []))
    expect(words).toEqual(
      expect.arrayContaining(['Failures and bans, 20 Nov', 'Failures', 'Bans', '4', '12:00']),
    )
  })
})

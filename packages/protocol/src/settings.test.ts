import { expect, it } from 'vitest'
import { jailSettings, settingsOverride } from './settings.ts'

it.each([
  [{ maxretry: 1 }, true],
  [{ maxretry: 0 }, false],
  [{ maxretry: 2.5 }, false],
  [{ bantime: -1 }, true],
  [{ bantime: 0 }, false],
  [{ bantime: -2 }, false],
  [{ findtime: 600, enabled: false }, true],
  [{ findtime: -1 }, false],
  [{ ban_time: 600 }, false],
  [{}, true],
])('an override %j is taken: %s', (override, taken) => {
  expect(settingsOverride.safeParse(override).success).toBe(taken)
})

it('needs all four of a whole', () => {
  expect(jailSettings.safeParse({ enabled: true, maxretry: 5, findtime: 600 }).success).toBe(false)
})

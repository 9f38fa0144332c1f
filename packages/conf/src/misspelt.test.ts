import { expect, it } from 'vitest'
import { meantBy } from './misspelt.ts'

it.each([
  ['maxretries', 'maxretry'],
  ['max_retry', 'maxretry'],
  ['find_time', 'findtime'],
  ['bantme', 'bantime'],
  ['log-path', 'logpath'],
  ['ignoreips', 'ignoreip'],
  ['failreggex', 'failregex'],
  ['ports', 'port'],
  ['port', null],
  ['bantime', null],
  ['bantime.increment', null],
  ['mode', null],
  ['chain', null],
  ['knocking_url', null],
  ['sshd_log', null],
])('%s → %s', (name, meant) => {
  expect(meantBy(name)).toBe(meant)
})

import { expect, it } from 'vitest'
import { ALL_BANS } from '../routes.ts'
import { exportPath } from './export.ts'

it.each([
  [{}, '?format=csv&active=true'],
  [{ state: 'past', search: ' 203.0.113.9 ' }, '?format=csv&active=false&ip=203.0.113.9'],
  [{ search: 'root', node: 'pve1', jail: 'sshd' }, '?format=csv&active=true&search=root&node=pve1&jail=sshd'],
] as const)('saves what %j shows', (query, search) => {
  expect(exportPath({ ...ALL_BANS, ...query }, 'csv')).toBe(`/api/v1/bans/export${search}`)
})

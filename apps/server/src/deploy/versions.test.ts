import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { compareVersions, programVersion } from './versions.ts'

const VERSIONS = [
  '0.1.0',
  '0.1.0+1',
  '0.1.0~rc1',
  '0.1.0~',
  '0.9.0',
  '0.10.0',
  '1.0',
  '1.0-1',
  '1.0-2',
  '1.0a',
  '1:0.1',
  '1.0.+',
  '1.0.a',
]

describe('versions of packages', () => {
  it.skipIf(spawnSync('dpkg', ['--version']).status !== 0)('are compared as dpkg compares them', () => {
    for (const one of VERSIONS)
      for (const other of VERSIONS) {
        const sign = Math.sign(compareVersions(one, other))
        const relation = sign < 0 ? 'lt' : sign > 0 ? 'gt' : 'eq'
        const { status } = spawnSync('dpkg', ['--compare-versions', one, relation, other])
        expect([one, relation, other, status]).toEqual([one, relation, other, 0])
      }
  })

  it.each([
    ['0.2.0', '0.2.0'],
    ['0.2.0+1', '0.2.0'],
    ['1:0.2.0~rc1', '0.2.0~rc1'],
  ])('%s is version %s of the program', (version, program) => expect(programVersion(version)).toBe(program))
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileJail, type JailDefinition } from '@warder/core'
import { afterAll, describe, expect, it } from 'vitest'
import type { Decision } from './decide.ts'
import { readIgnoreFiles, withFiles } from './ignore-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'warder-ignore-'))
afterAll(() => rmSync(folder, { recursive: true }))
const friends = join(folder, 'friends')
writeFileSync(friends, '# ours\n192.0.2.0/24 home.example # at home\n')

function running(ignorefiles: readonly string[]): Decision {
  const configured: JailDefinition = {
    name: 'sshd',
    filter: { name: 'sshd', failregex: ['^<ADDR>$'], ignoreregex: [], maxlines: 1, journalmatch: [] },
    backend: 'auto',
    logpath: [],
    ports: { protocol: 'tcp', ports: 'all' },
    ignoreip: ['203.0.113.9'],
    ignorefiles,
    maxmatches: 5,
    settings: { enabled: true, maxretry: 5, findtime: 600, bantime: 600 },
  }
  const compiled = compileJail(configured)
  if (!compiled.ok) throw new Error(compiled.problems.join())
  return { state: 'running', name: 'sshd', jail: compiled.jail, configured }
}

describe('files of addresses that never count', () => {
  it('add to what the jail says', async () => {
    const decision = running([friends])
    const widened = withFiles(decision, await readIgnoreFiles([decision]))
    expect(widened).toMatchObject({
      jail: { definition: { ignoreip: ['203.0.113.9', '192.0.2.0/24'], ignorehosts: ['home.example'] } },
      configured: { ignoreip: ['203.0.113.9'] },
    })
  })

  it('protect nobody where they cannot be read', async () => {
    const decision = running([join(folder, 'gone'), folder])
    const files = await readIgnoreFiles([decision])
    expect([...files.values()]).toEqual([null, null])
    expect(withFiles(decision, files)).toMatchObject({ jail: { definition: { ignoreip: ['203.0.113.9'] } } })
  })
})

// Prometheus' own promtool reads what the page about it shows, and the numbers of a real server.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startLab } from '../../apps/server/src/lab/server.ts'
import { blocksFor } from '../docs/proofs.ts'
import { programOf } from '../lab/programs.ts'

const folder = mkdtempSync(join(tmpdir(), 'warder-prometheus-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const promtool = programOf('promtool', folder)
const BLOCKS = blocksFor('test/e2e/prometheus.test.ts')

describe.skipIf(promtool === null)('promtool (needs that of Debian)', () => {
  const check = (what: 'config' | 'rules' | 'metrics', text: string) => {
    const file = join(folder, 'shown.yml')
    writeFileSync(file, text)
    const more = what === 'config' ? ['--syntax-only', file] : what === 'rules' ? [file] : []
    const { status, stdout, stderr } = spawnSync(promtool ?? '', ['check', what, ...more], {
      input: text,
      encoding: 'utf8',
    })
    return { status, said: stdout + stderr }
  }

  it.each(BLOCKS)('takes what $page shows at line $line', ({ text }) => {
    const { status, said } = check(text.startsWith('groups:') ? 'rules' : 'config', text)
    expect(status, said).toBe(0)
  })

  it('finds nothing to say about /metrics', async () => {
    await using lab = await startLab()
    const { body } = await lab.call('GET', '/metrics')
    expect(check('metrics', String(body))).toEqual({ status: 0, said: '' })
  })

  it('would find what is wrong', () => expect(check('rules', 'groups: 3\n').status).not.toBe(0))
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { ConfigError, loadConfig } from './config.ts'

const schema = z.strictObject({
  port: z._default(z.int().check(z.gte(1), z.lte(65_535)), 8008),
  log: z._default(z.strictObject({ level: z.enum(['info', 'warn']) }), { level: 'info' }),
})

describe('a configuration file', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warder-config-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function load(text: string | null, optional = false): Promise<unknown> {
    const file = join(folder, 'test.toml')
    await rm(file, { force: true })
    if (text !== null) await writeFile(file, text)
    return loadConfig(file, schema, optional).catch((err: unknown) =>
      err instanceof ConfigError ? err.problems : err,
    )
  }

  it.each([
    ['says nothing', '', { port: 8008, log: { level: 'info' } }],
    ['sets values', 'port = 9000\n[log]\nlevel = "warn"', { port: 9000, log: { level: 'warn' } }],
  ])('that %s is read', async (_, text, expected) => {
    expect(await load(text)).toEqual(expected)
  })

  it('tells all its problems at once, with their places', async () => {
    const problems = (await load('port = 70000\nprot = 1\n[log]\nlevel = "loud"')) as string[]
    expect(problems).toHaveLength(3)
    expect(problems.join('\n')).toMatch(/^port: /m)
    expect(problems.join('\n')).toMatch(/prot/)
    expect(problems.join('\n')).toMatch(/^log\.level: /m)
  })

  it('names line and column of a mistake in its syntax', async () => {
    expect(((await load('port = \n')) as string[])[0]).toMatch(/^line 1, column \d+: /)
  })

  it('may be absent only when it is optional', async () => {
    expect(await load(null, true)).toEqual({ port: 8008, log: { level: 'info' } })
    expect(((await load(null)) as string[])[0]).toMatch(/^cannot be read: /)
  })
})

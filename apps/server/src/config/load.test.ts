import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from './load.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-config-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const NO_FLAGS = { config: undefined, port: undefined, host: undefined, dataDir: undefined }
const read = async (toml: string, flags: Partial<typeof NO_FLAGS> | Record<string, string> = {}) => {
  const config = join(folder, 'server.toml')
  await writeFile(config, toml)
  return readConfig({ ...NO_FLAGS, ...flags, config })
}

describe('server.toml', () => {
  it('may be empty', async () => {
    expect(await read('')).toEqual({
      host: '::',
      port: 8008,
      tls: 'auto',
      base_path: '',
      pve_dir: '/etc/pve',
      data_dir: '/var/lib/warder-server',
      auth_log: '/var/log/warder/auth.log',
      trusted_proxies: [],
      allowed_origins: [],
      private_hosts: [],
      keep_days: 90,
      keep: {},
      geo: {},
      requests_per_minute: 6_000,
      log: { level: 'info', form: 'auto' },
    })
  })

  it('is weaker than the command line', async () => {
    expect(await read('port = 1\nhost = "192.0.2.1"', { port: '8009', dataDir: '/x' })).toMatchObject({
      port: 8009,
      host: '192.0.2.1',
      data_dir: '/x',
    })
  })

  it.each([
    [
      'trusted_proxies = ["10.0.0.0/8", "proxy.example"]',
      '"proxy.example" is neither an address nor a subnet',
    ],
    ['tls_cert = "/x.pem"', 'name both, or none'],
    ['tls_key = "/x.pem"', 'name both, or none'],
    ['tls = "off"\ntls_cert = "/x.pem"\ntls_key = "/x.key"', 'exclude each other'],
    ['tls = "on"', 'tls'],
    ['base_path = "/warder/"', 'must be like /warder'],
    ['base_path = "warder"', 'must be like /warder'],
    ['port = 70000', 'must be 0 to 65535'],
    ['allowed_origins = ["https://x.example/path"]', 'must be an origin like'],
    ['web_root = "dist"', 'must be an absolute path'],
    ['[log\nlevel = 1', 'line 1'],
    ['retention = 5', 'retention'],
    ['[keep.failures]\nrows = 5', 'keep.failures.rows'],
    ['[keep.audit]\ndays = 5', 'audit'],
  ])('with %j is refused: %s', async (toml, problem) => {
    await expect(read(toml)).rejects.toThrow(problem)
  })
})

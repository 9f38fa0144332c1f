import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../apps/agent/src/cli/commands.ts'
import { loadAgentConfig, toAgentConfig } from '../../apps/agent/src/config/load.ts'
import { HELP } from '../../apps/server/src/cli/arguments.ts'
import { readConfig } from '../../apps/server/src/config/load.ts'
import { serverConfig } from '../../apps/server/src/config/schema.ts'
import { Companion, must, run } from '../lab/command.ts'
import { makePackages, type Packages } from '../lab/packages.ts'

const missing = ['/usr/bin/dpkg-deb', '/usr/bin/strip'].filter((file) => !existsSync(file))
const trouble = missing.length > 0 ? `needs ${missing.join(', ')}` : null
const PACKAGING = fileURLToPath(new URL('../../packaging/', import.meta.url))
const NAMES = ['warder-agent', 'warder-server'] as const
/** Where our packages may put something. */
const PLACES =
  /^\.\/(etc\/(warder|logrotate\.d)|usr\/(bin|lib\/(warder-(agent|server)|systemd\/system|sysusers\.d)|share\/(doc|man\/man8|lintian\/overrides|bash-completion\/completions|zsh\/vendor-completions|fish\/vendor_completions\.d)))\//

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')

describe.skipIf(trouble)(`Debian packages${trouble ? ` (${trouble})` : ''}`, () => {
  let folder = ''
  let packages: Packages
  const fileOf = (name: (typeof NAMES)[number]): string =>
    name === 'warder-agent' ? packages.agent : packages.server
  const inside = (name: (typeof NAMES)[number], path: string): string => join(folder, name, path)
  const manPage = (name: (typeof NAMES)[number], page: string): string =>
    gunzipSync(readFileSync(inside(name, `usr/share/man/man8/${page}.8.gz`))).toString('utf8')

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warder-packages-'))
    packages = await makePackages(join(folder, 'one'))
    for (const name of NAMES) await must(['dpkg-deb', '-R', fileOf(name), join(folder, name)])
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('are the same, bit for bit, when they are made again', async () => {
    const again = await makePackages(join(folder, 'two'))
    expect([digest(again.agent), digest(again.server)]).toEqual([
      digest(packages.agent),
      digest(packages.server),
    ])
  })

  it.skipIf(!existsSync('/usr/bin/lintian'))(
    'have no errors for lintian (skipped where it is missing)',
    async () => {
      const said = await run(
        ['lintian', '--allow-root', '--fail-on', 'error', packages.agent, packages.server],
        {
          limitMs: 500_000,
        },
      )
      expect(said.stdout.split('\n').filter((line) => line.startsWith('E:'))).toEqual([])
      expect(said.code).toBe(0)
    },
  )

  it.each(NAMES)(
    '%s puts files of root where they belong, and nothing that others may write',
    async (name) => {
      const list = (await must(['dpkg-deb', '-c', fileOf(name)])).trim().split('\n')
      const files = list.filter((line) => !line.startsWith('d'))
      expect(files.filter((line) => !PLACES.test(line.split(/\s+/)[5] ?? ''))).toEqual([])
      expect(
        files.filter((line) => !/^-rwxr-xr-x|^-rw-r--r--/.test(line) || !line.includes(' root/root ')),
      ).toEqual([])
    },
  )

  it.each(NAMES)(
    '%s depends on what it needs on Debian 12 and 13, and on no JavaScript runtime',
    async (name) => {
      const depends = await must(['dpkg-deb', '-f', fileOf(name), 'Depends'])
      expect(depends).toMatch(/libc6 \(>= 2\.34\).*systemd \(>= 252\)/)
      expect(depends).not.toContain('nodejs')
    },
  )

  it.each(NAMES)('%s has scripts that a shell can read', async (name) => {
    for (const script of ['postinst', 'prerm', 'postrm'])
      await must(['sh', '-n', inside(name, `DEBIAN/${script}`)])
  })

  it.each(NAMES)('%s keeps what an operator changes in /etc', (name) => {
    const conffiles = readFileSync(inside(name, 'DEBIAN/conffiles'), 'utf8').trim().split('\n')
    expect(conffiles.every((file) => file.startsWith('/etc/') && existsSync(inside(name, file)))).toBe(true)
    expect(conffiles.length).toBeGreaterThan(0)
  })

  it.each(NAMES)('%s runs by its own runtime', async (name) => {
    const program = name === 'warder-agent' ? ['agent.js', '--version'] : ['server.js', '--help']
    const [file = '', ...args] = program
    const said = await must([
      inside(name, `usr/lib/${name}/node`),
      inside(name, `usr/lib/${name}/${file}`),
      ...args,
    ])
    expect(said).toBe(name === 'warder-agent' ? 'warder 0.1.0\n' : HELP)
  })

  it('has a server that starts with nothing but what is packed', async () => {
    const home = inside('warder-server', 'usr/lib/warder-server')
    const data = join(folder, 'data')
    const args = [
      'run',
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--data-dir',
      data,
      '--config',
      join(folder, 'own.toml'),
    ]
    await writeFile(join(folder, 'own.toml'), `auth_log = "${join(folder, 'auth.log')}"\n`)
    await using server = new Companion([join(home, 'node'), join(home, 'server.js'), ...args])
    await server.prints('Dashboard:', 60_000)
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(server.output)?.[0] ?? ''
    expect(await (await fetch(url)).text()).toContain('<div id="app"')
    expect(existsSync(join(home, 'agent'))).toBe(true)
  })

  it('tells every command in the manual, with the words of the program', () => {
    const page = manPage('warder-agent', 'warder')
    for (const { name, summary } of COMMANDS) {
      expect(page).toContain(`.SH WARDER ${name.toUpperCase()}`)
      expect(page).toContain(summary.replaceAll('-', '\\-'))
    }
    expect(manPage('warder-agent', 'warder-agent')).toContain('warder run')
    expect(manPage('warder-server', 'warder-server')).toContain('set\\-port N')
  })

  it.skipIf(!existsSync('/usr/bin/mandoc'))(
    'has a manual without mistakes (skipped where mandoc is missing)',
    async () => {
      for (const name of NAMES)
        for (const page of await readdir(inside(name, 'usr/share/man/man8')))
          expect(
            await run(['mandoc', '-T', 'lint', '-W', 'error', inside(name, `usr/share/man/man8/${page}`)]),
          ).toMatchObject({ code: 0 })
    },
  )

  it('completes commands and options in bash', async () => {
    const file = inside('warder-agent', 'usr/share/bash-completion/completions/warder')
    const complete = async (...words: readonly string[]): Promise<readonly string[]> =>
      (
        await must([
          'bash',
          '-c',
          `source ${file}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _warder; printf '%s\\n' "\${COMPREPLY[@]}"`,
          'bash',
          ...words,
        ])
      )
        .trim()
        .split('\n')
    expect(await complete('warder', 'pa')).toEqual(['panic'])
    expect(await complete('warder', 'ban')).toEqual(['banned', 'ban'])
    expect(await complete('warder', 'panic', '--c')).toEqual(['--cluster', '--config'])
  })

  it.each([
    ['zsh', ['zsh', '-n', 'usr/share/zsh/vendor-completions/_warder']],
    ['fish', ['fish', '--no-execute', 'usr/share/fish/vendor_completions.d/warder.fish']],
  ])(
    'has completions that %s can read (skipped where it is missing)',
    async (shell, [program = '', option = '', file = '']) => {
      if (!existsSync(`/usr/bin/${shell}`)) return
      expect(await run([program, option, inside('warder-agent', file)])).toMatchObject({
        code: 0,
        stderr: '',
      })
    },
  )

  it('shows examples of settings that are what holds without them', async () => {
    const uncommented = async (file: string): Promise<string> => {
      const text = readFileSync(join(PACKAGING, 'files', file), 'utf8')
      const place = join(folder, file)
      await writeFile(place, text.replace(/^# (?=[a-z0-9_]+ = |\[)/gm, ''))
      return place
    }
    const own = { server: 'wss://warder.example:8008', name: 'pve1', fail2ban_config: '/etc/fail2ban' }
    expect(await loadAgentConfig(await uncommented('agent.toml'))).toEqual({ ...toAgentConfig({}), ...own })
    const flags = {
      config: await uncommented('server.toml'),
      port: undefined,
      host: undefined,
      dataDir: undefined,
    }
    const tls = { tls_cert: '/etc/warder/cert.pem', tls_key: '/etc/warder/key.pem' }
    // Its folder is the one that it has without being named.
    const backup = { folder: '/var/lib/warder-server/backups', every_hours: 24, keep: 7 }
    expect(await readConfig(flags)).toEqual({ ...serverConfig.parse({}), ...tls, backup })
  })
})

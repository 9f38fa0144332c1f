// Writes the files that the pages show to where they belong, and has them read by the program that reads them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { webhookCall } from '@warder/protocol/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../../apps/agent/src/cli/commands.ts'
import { loadAgentConfig } from '../../apps/agent/src/config/load.ts'
import { readConfig } from '../../apps/server/src/config/load.ts'
import { fileOf, type Block } from './page.ts'
import { blocksFor } from './proofs.ts'

const BLOCKS = blocksFor('test/docs/files.test.ts')
const FINGERPRINT = `AB:CD${':00'.repeat(30)}`
const name = ({ page, line }: Block): string => `${page}:${line}`
const shown = (language: string) => BLOCKS.filter((block) => block.language === language)

describe('files of the pages', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warder-files-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Puts a block where its first line says, below the folder. */
  async function put(block: Block): Promise<string> {
    const file = join(folder, fileOf(block) ?? '')
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, block.text.replaceAll('AB:CD:…', FINGERPRINT))
    return file
  }

  it('say in their first line what they are', () =>
    expect(BLOCKS.filter((block) => block.language !== 'json' && fileOf(block) === null).map(name)).toEqual(
      [],
    ))

  it.each(shown('toml').map((block) => [name(block), fileOf(block), block] as const))(
    '%s is read as %s',
    async (_, __, block) => {
      const file = await put(block)
      if (file.endsWith('/server.toml'))
        await readConfig({ config: file, port: undefined, host: undefined, dataDir: undefined })
      else await loadAgentConfig(file)
    },
  )

  it.each([...new Set(shown('ini').map(({ page }) => page))])(
    'the jails and filters of %s are read together',
    async (page) => {
      for (const block of shown('ini').filter((each) => each.page === page)) await put(block)
      const config = join(folder, 'agent.toml')
      await writeFile(
        config,
        `firewall = "memory"\nconfig_dir = "${folder}/etc/warder"\nstate_dir = "${folder}"\n`,
      )
      let said = ''
      const print = (text: string) => void (said += text)
      const around = { print, complain: print, environment: {}, isTerminal: false }
      const exit = await runCommand(['check', '--json', '--config', config], around)
      expect({ exit, ...(JSON.parse(said) as object) }).toMatchObject({ exit: 0, ok: true, problems: [] })
    },
  )

  it.each(shown('json'))('the call of $page has the fields that there are, and no others', ({ text }) => {
    const call: unknown = JSON.parse(text)
    expect(Object.keys(webhookCall.parse(call))).toEqual(Object.keys(call as object))
    expect(Object.keys(call as object)).toEqual(Object.keys(webhookCall.shape))
  })
})

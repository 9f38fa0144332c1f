// What the pages say can be done: every block has a test or a reason, every command and option in a line exists, links lead somewhere.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CLIENT, COMMANDS, runCommand } from '../../apps/agent/src/cli/commands.ts'
import { HELP } from '../../apps/server/src/cli/arguments.ts'
import { commandsOf, type Block } from './page.ts'
import { COMMAND_SPANS, isAbout, PAGES, PROOFS, ROOT, SPAN_PROOFS } from './proofs.ts'

const LANGUAGES = ['sh', 'console', 'text', 'toml', 'ini', 'yaml', 'json', 'nginx', 'caddy']
/** What fail2ban-client takes, and what of it means something here. */
const CLIENT_OPTIONS = 'apps/agent/src/cli/client/options.ts'
const BLOCKS = PAGES.flatMap(({ blocks }) => blocks)
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const at = ({ page, line }: { page: string; line: number }): string => `${page}:${line}`

describe('blocks of the pages', () => {
  it('say what they are written in', () =>
    expect(BLOCKS.filter(({ language }) => !LANGUAGES.includes(language)).map(at)).toEqual([]))

  it('have fences, since what is told by indentation alone is not looked at', () => {
    const indented = PAGES.filter(({ prose }) => /\n\n {4,}[^\s*-]/.test(prose)).map(({ file }) => file)
    expect(indented).toEqual([])
  })

  it('have one proof each: a test that takes them out of the page, or the reason why there is none', () => {
    const proofsOf = (block: Block) => PROOFS.filter((proof) => isAbout(proof, block)).map(({ by }) => by)
    const wrong = BLOCKS.map((block) => [at(block), proofsOf(block)] as const).filter(
      ([, proofs]) => proofs.length !== 1,
    )
    expect(wrong).toEqual([])
  })

  it('are there for each proof', () =>
    expect(PROOFS.filter((proof) => !BLOCKS.some((block) => isAbout(proof, block)))).toEqual([]))

  it('are taken by tests that exist and ask for them', () => {
    const tests = [...PROOFS, ...SPAN_PROOFS].flatMap(({ by }) => by.match(/test\/\S+?\.ts\b/g) ?? [])
    expect(tests.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
    const takers = PROOFS.map(({ by }) => by).filter((by) => by.endsWith('.ts') && !by.includes(' '))
    expect(takers.filter((file) => !read(file).includes(`blocksFor('${file}')`))).toEqual([])
  })
})

/** What a program says that it can do, asked as its command line is; null: there is no such command. */
async function helpOf(command: string): Promise<string | null> {
  const own = command.replace(/^npm run (warder(?:-server)?) -- /, '$1 ')
  const [program = '', word = ''] = own.split(' ')
  if (program === 'warder') {
    let said = ''
    const print = (text: string) => void (said += text)
    const exit = await runCommand([word, '--help'], {
      print,
      complain: () => {},
      environment: {},
      isTerminal: false,
    })
    return exit === 0 ? said : null
  }
  if (program === 'warder-server') return new RegExp(`^  ${word}\\b`, 'm').test(HELP) ? HELP : null
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const task = /^npm (?:run )?(\S+)/.exec(own)?.[1] ?? ''
  const [, name] = / tools\/bootstrap\.mjs (\S+)/.exec(scripts[task] ?? '') ?? []
  const sources = [`tools/${name}.ts`, `tools/${name}/options.ts`].filter((file) =>
    existsSync(join(ROOT, file)),
  )
  return name === undefined ? null : sources.map(read).join('\n')
}

describe('commands of the pages', () => {
  const inBlocks = BLOCKS.filter(({ language }) => language === 'sh').flatMap((block) =>
    commandsOf(block).map((text) => ({ ...block, text })),
  )
  const written = [...inBlocks, ...COMMAND_SPANS].map((span) => ({
    ...span,
    text: span.text.replaceAll(/"[^"]*"/g, ''),
  }))
  const ours = written.filter(({ text }) => /^(warder|warder-server|npm) /.test(text))

  it('have a test that runs them, or the reason why there is none', () => {
    const proof = (text: string) => SPAN_PROOFS.find(({ begins }) => begins.test(text))
    expect(COMMAND_SPANS.filter(({ text }) => proof(text) === undefined)).toEqual([])
    const used = new Set(COMMAND_SPANS.map(({ text }) => proof(text)))
    expect(SPAN_PROOFS.filter((each) => !used.has(each))).toEqual([])
  })

  it('are known to their programs, with their options', async () => {
    expect(ours.length).toBeGreaterThan(100)
    const unknown = await Promise.all(
      ours.map(async ({ page, line, text }) => {
        const help = await helpOf(text)
        const words = text.match(/(?<= --)[a-z][a-z-]+|(?<= -- )[a-z][a-z-]*/g) ?? []
        const missing = words.filter((word) => !new RegExp(`\\b${word}\\b`).test(help ?? ''))
        return help === null || missing.length > 0 ? [`${page}:${line}: ${text}`] : []
      }),
    )
    expect(unknown.flat()).toEqual([])
  })

  it('have no options by themselves that no program knows', async () => {
    const names = [...COMMANDS.map(({ name }) => name), CLIENT.name].map((name) => helpOf(`warder ${name}`))
    const all = [...(await Promise.all(names)), HELP, await helpOf('npm start'), read(CLIENT_OPTIONS)].join(
      '\n',
    )
    const alone = PAGES.filter(({ file }) => file !== 'docs/PERFORMANCE.md')
      .flatMap(({ spans }) => spans)
      .filter(({ text }) => /^(… )?--[a-z]/.test(text))
    expect(alone.length).toBeGreaterThan(20)
    expect(alone.filter(({ text }) => !all.includes(text.match(/--[a-z-]+/)?.[0] ?? ''))).toEqual([])
  })
})

describe('links between the pages', () => {
  it('lead to headings that are there', () => {
    const broken = PAGES.flatMap(({ file, links }) =>
      links.filter(({ target }) => {
        const [to = '', anchor] = target.split('#')
        const page = to === '' ? file : join(file, '..', to)
        const known = PAGES.find((each) => each.file === page)
        return anchor !== undefined && known !== undefined && !known.anchors.includes(anchor)
      }),
    )
    expect(broken).toEqual([])
  })

  it('leave no page alone', () => {
    const linked = new Set(
      PAGES.flatMap(({ file, links }) =>
        links.map(({ target }) => join(file, '..', target.split('#')[0] ?? '')),
      ),
    )
    expect(PAGES.map(({ file }) => file).filter((file) => file !== 'README.md' && !linked.has(file))).toEqual(
      [],
    )
  })
})

/** A fenced block of a page. */
export interface Block {
  /** The page's file, from the root of the repository. */
  readonly page: string
  /** The line of its fence, from 1. */
  readonly line: number
  /** The heading above it. */
  readonly heading: string
  /** What stands behind the fence: `sh`, `toml` … */
  readonly language: string
  /** Its lines, without the indentation of the fence. */
  readonly text: string
}

/** Code inside a line of a page. */
export interface Span {
  readonly page: string
  readonly line: number
  readonly text: string
}

/** A link to a page of ours. */
export interface Link {
  readonly page: string
  readonly line: number
  /** As it is written: `../nodes.md#add-a-node`. */
  readonly target: string
}

/** A page, read. */
export interface Page {
  readonly file: string
  readonly blocks: readonly Block[]
  readonly spans: readonly Span[]
  readonly links: readonly Link[]
  /** All but the blocks, line for line. */
  readonly prose: string
  /** What can stand behind `#` in a link to it. */
  readonly anchors: readonly string[]
}

/** The name that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')

/** Markdown → what can be proved of it. Blocks that are told by indentation alone are no blocks here. */
export function readPage(file: string, markdown: string): Page {
  const blocks: Block[] = []
  const headings: string[] = []
  const lines: string[] = []
  let open: { line: number; indent: string; language: string; text: string[] } | null = null
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, indent = '', language = ''] = /^( *)```(\w*)$/.exec(line) ?? []
    const isFence = /^ *```\w*$/.test(line)
    if (open !== null && isFence) {
      const { text, ...place } = open
      blocks.push({ page: file, heading: headings.at(-1) ?? '', ...place, text: `${text.join('\n')}\n` })
      open = null
    } else if (open !== null)
      open.text.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line)
    else if (isFence) open = { line: index + 1, indent, language, text: [] }
    else {
      const [, heading] = /^#+ (.*)$/.exec(line) ?? []
      if (heading !== undefined) headings.push(heading)
    }
    lines.push(open !== null || isFence ? '' : line)
  }
  const prose = lines.join('\n')
  const found = (pattern: RegExp) =>
    [...prose.matchAll(pattern)].map((match) => ({
      page: file,
      line: prose.slice(0, match.index).split('\n').length,
      text: (match[1] ?? '').replaceAll(/\s+/g, ' '),
    }))
  return {
    file,
    blocks,
    spans: found(/`([^`]+)`/g),
    links: found(/\]\((?!https?:)([^)\s]+)\)/g).map(({ text: target, ...place }) => ({ ...place, target })),
    prose,
    anchors: headings.map(anchorOf),
  }
}

/** The commands of a block of language `sh`: lines that end with `\` and quotes that are open go on. Remarks are no commands. */
export const commandsOf = ({ text }: Block): readonly string[] =>
  text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#\s.*$/, '').trim())
    .filter((line) => line !== '')

/** A command of a block of language `console`, behind `$ `, with what it shows below. */
export interface Shown {
  readonly command: string
  readonly output: string
}

export const shownIn = ({ text }: Block): readonly Shown[] =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...output] = part.split('\n')
      return { command, output: output.join('\n') }
    })

/** The file that a block is the text of: what its first line, a remark, says. */
export const fileOf = ({ text }: Block): string | null => /^# (\/\S+)\n/.exec(text)?.[1] ?? null

/** The first cells of the first table below a heading of a page. */
export function namesBelow({ prose }: Page, heading: string): readonly string[] {
  const [, below = ''] = prose.split(`# ${heading}\n`)
  const [table = ''] = below.match(/^\|.*\n\|[-:| ]+\n(\|.*\n)*/m) ?? []
  const cells = table
    .split('\n')
    .slice(2)
    .map((row) => row.split(' | ')[0] ?? '')
  return cells.flatMap((cell) => cell.match(/(?<=`)[^`]+(?=`)/g)?.filter((_, at) => at % 2 === 0) ?? [])
}

import { quote, type Place, type Problem } from './problem.ts'

/** The value of an option, not interpolated yet, and where it was written. Lines of a long value are joined by line feeds. */
export interface Value extends Place {
  readonly text: string
}

/** A section of one file. Names of options are in lower case. */
export interface Section extends Place {
  readonly name: string
  readonly options: ReadonlyMap<string, Value>
  /** What is wrong inside it; who depends on the section cannot be trusted to be what its author meant. */
  readonly faults: readonly Problem[]
}

/** One file, parsed alone. */
export interface IniFile {
  readonly path: string
  /** In the order of writing; `[DEFAULT]` may come several times, as Python allows. */
  readonly sections: readonly Section[]
  /** Faults before the first section. */
  readonly faults: readonly Problem[]
}

/** The section whose options stand in for those that other sections lack. */
export const DEFAULT = 'DEFAULT'

/** A header with options behind it on the same line, as pages show it that lost their line breaks. */
const CRAMMED =
  /^\[([^\]]+)\]\s[^]*?(?<![\w.-])(enabled|filter|failregex|ignoreregex|logpath|backend|port|maxretry|findtime|bantime|ignoreip|action|before|after)\s*=/

interface OpenSection extends Section {
  readonly options: Map<string, Value>
  readonly faults: Problem[]
}

interface OpenValue extends Place {
  readonly lines: string[]
}

/**
 * Parses one file of fail2ban's INI dialect, which is Python's strict one: a line indented deeper than its option
 * continues the value, `#` and `;` open a comment line, ` ;` opens a comment inside a line, an option or section that
 * comes twice is a fault. Unlike Python it goes on after a fault, so that one mistake costs one section.
 */
export function readIni(path: string, text: string): IniFile {
  const reader = new Reader(path)
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|[\r\n]/)
    .entries())
    reader.take(line, index + 1)
  return reader.finish()
}

class Reader {
  private readonly path: string
  private readonly sections: OpenSection[] = []
  private readonly names = new Set<string>()
  private readonly defaultNames = new Set<string>()
  private readonly faults: Problem[] = []
  private section: OpenSection | null = null
  private option: { readonly name: string; readonly value: OpenValue } | null = null
  private indent = 0

  constructor(path: string) {
    this.path = path
  }

  take(line: string, number: number): void {
    const comment = commentStart(line)
    const text = (comment === null ? line : line.slice(0, comment)).trim()
    if (text === '') {
      if (comment === null) this.option?.value.lines.push('')
      return
    }
    const indent = line.length - line.trimStart().length
    if (this.option !== null && indent > this.indent) {
      this.option.value.lines.push(text)
      return
    }
    this.indent = indent
    this.closeOption()
    const header = /^\[(.+)\]/.exec(text)?.[1]
    const crammed = CRAMMED.exec(text)
    if (crammed?.[1] !== undefined) this.openCrammed(crammed[1], crammed[2] ?? '', number)
    else if (header !== undefined) this.openSection(header, number)
    else this.openOption(text, number)
  }

  finish(): IniFile {
    this.closeOption()
    return { path: this.path, sections: this.sections, faults: this.faults }
  }

  private openSection(name: string, line: number): void {
    const section: OpenSection = { name, file: this.path, line, options: new Map(), faults: [] }
    if (name !== DEFAULT && this.names.has(name))
      section.faults.push(this.fault(line, `section [${name}] is there twice in this file`))
    this.names.add(name)
    this.sections.push(section)
    this.section = section
  }

  /** Python drops what stands behind the header without a word, and the jail never does what its author meant. */
  private openCrammed(name: string, option: string, line: number): void {
    this.openSection(name, line)
    const message = `option ${option} stands on the line of [${name}], where it does not count: every option needs a line of its own`
    this.section?.faults.push(this.fault(line, message))
  }

  private openOption(text: string, line: number): void {
    const [, rawName, value] = /^([^=:]*)[=:](.*)$/s.exec(text) ?? []
    const name = rawName?.trim().toLowerCase()
    if (this.section === null) {
      this.faults.push(this.fault(line, `${quote(text)} stands before the first [section]`))
    } else if (name === undefined || name === '' || value === undefined) {
      this.section.faults.push(
        this.fault(line, `${quote(text)} is neither a [section] nor an option = value`),
      )
    } else {
      this.checkTwice(this.section, name, line)
      this.option = { name, value: { lines: [value.trim()], file: this.path, line } }
    }
  }

  private checkTwice(section: OpenSection, name: string, line: number): void {
    const isDefault = section.name === DEFAULT
    if (section.options.has(name) || (isDefault && this.defaultNames.has(name)))
      section.faults.push(this.fault(line, `option ${name} is there twice in [${section.name}]`))
    if (isDefault) this.defaultNames.add(name)
  }

  private closeOption(): void {
    if (this.option === null || this.section === null) return
    const { name, value } = this.option
    this.section.options.set(name, {
      text: value.lines.join('\n').trimEnd(),
      file: value.file,
      line: value.line,
    })
    this.option = null
  }

  private fault(line: number, message: string): Problem {
    return { severity: 'error', file: this.path, line, message }
  }
}

/** Where the comment of a line begins: at its first non-blank character, or at a `;` after a blank. Null: no comment. */
function commentStart(line: string): number | null {
  const first = line.length - line.trimStart().length
  if (line[first] === '#' || line[first] === ';') return first
  const inside = /\s;/.exec(line)
  return inside === null ? null : inside.index + 1
}

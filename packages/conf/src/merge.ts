import type { Place, Problem } from './problem.ts'
import { DEFAULT, type IniFile, type Value } from './read.ts'

/** Prefix under which the value that a later file replaced stays reachable. */
export const KNOWN = 'known/'

/** The section that names other files; it is never a jail. */
export const INCLUDES = 'INCLUDES'

/** A section put together from all files that have it. */
export interface MergedSection extends Place {
  readonly name: string
  readonly options: ReadonlyMap<string, Value>
  readonly faults: readonly Problem[]
  /** Whether more than one file has it. */
  readonly isRepeated: boolean
}

/** All files of one base name, later ones over earlier ones. */
export interface Merged {
  /** `[DEFAULT]` of all files together. */
  readonly defaults: ReadonlyMap<string, Value>
  /** All other sections by name, in the order in which they first appear. */
  readonly sections: ReadonlyMap<string, MergedSection>
  /** What is wrong in `[DEFAULT]`, in `[INCLUDES]` or outside of any section. */
  readonly faults: readonly Problem[]
}

interface OpenSection extends MergedSection {
  readonly options: Map<string, Value>
  readonly faults: Problem[]
  isRepeated: boolean
}

/**
 * Merges files in the given order, option by option. A replaced value is kept as `known/<option>`, one level deep.
 * `[Name?condition]` is folded into `Name` with each option renamed to `option?condition`.
 */
export function merge(files: readonly IniFile[]): Merged {
  const defaults = new Map<string, Value>()
  const sections = new Map<string, OpenSection>()
  const faults: Problem[] = []
  for (const file of files) {
    faults.push(...file.faults)
    for (const section of file.sections) {
      if (section.name === DEFAULT) {
        for (const [name, value] of section.options) defaults.set(name, value)
        faults.push(...section.faults)
      } else if (section.name === INCLUDES) {
        faults.push(...section.faults)
      } else {
        const { name, condition } = splitCondition(section.name)
        const before = sections.get(name)
        const into = before ?? opened(name, section)
        into.isRepeated = before !== undefined
        sections.set(name, into)
        into.faults.push(...section.faults)
        for (const [option, value] of section.options) override(into.options, option + condition, value)
      }
    }
  }
  return { defaults, sections, faults }
}

const opened = (name: string, { file, line }: Place): OpenSection => ({
  name,
  file,
  line,
  options: new Map(),
  faults: [],
  isRepeated: false,
})

function splitCondition(header: string): { name: string; condition: string } {
  const [, name, condition] = /^(\w+)(\?.+)$/.exec(header) ?? []
  return name === undefined || condition === undefined ? { name: header, condition: '' } : { name, condition }
}

function override(options: Map<string, Value>, name: string, value: Value): void {
  const before = options.get(name)
  if (before !== undefined) options.set(KNOWN + name, before)
  options.set(name, value)
}

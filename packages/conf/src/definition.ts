import { FILTER_SETTINGS, isFilterSetting } from './filter-settings.ts'
import type { Tree } from './include.ts'
import { interpolate, type Expansion } from './interpolate.ts'
import { KNOWN, merge, type Merged, type MergedSection } from './merge.ts'
import type { Place, Problem } from './problem.ts'
import type { Value } from './read.ts'
import type { Reference } from './reference.ts'
import { expandTags } from './tag.ts'

const DEFINITION = 'Definition'
const INIT = 'Init'

/** An opened definition, or why there is none. */
export type DefinitionResult =
  | { readonly ok: true; readonly definition: Definition; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problem: Omit<Problem, 'severity'> }

/** How a jail uses a definition. */
export interface Use {
  readonly reference: Reference
  /** Values of the jail that the files may use; parameters of the reference stand above them. */
  readonly context: ReadonlyMap<string, string>
  /** Parameters for what neither the reference nor `[Definition]` says anything of. */
  readonly preset: ReadonlyMap<string, string>
}

/** Opens `<folder>/<name>`, e.g. `filter.d/sshd`. Problems are those of its includes. */
export function openDefinition(tree: Tree, folder: string, use: Use): DefinitionResult {
  const base = `${folder}/${use.reference.name}`
  const { files, problems } = tree.filesOf(base)
  if (files.length === 0) return { ok: false, problem: { message: `there is no ${base}.conf` } }
  const merged = merge(files)
  const fault = [...merged.faults, ...[...merged.sections.values()].flatMap(({ faults }) => faults)][0]
  if (fault !== undefined) return { ok: false, problem: fault }
  const defined = merged.sections.get(DEFINITION)?.options
  const preset = new Map([...use.preset].filter(([name]) => !defined?.has(name)))
  // What is preset stands also where a parameter is empty.
  const given = [...use.reference.options].filter(([name, value]) => value !== '' || !preset.has(name))
  const parameters = new Map([...preset, ...given].map(([name, value]) => [name.toLowerCase(), value]))
  return { ok: true, definition: new Definition(merged, { parameters, context: use.context }), problems }
}

/** The options of a filter (or action) file as its user sees them: parameters, `[Init]`, `[Definition]` and defaults put together. */
export class Definition {
  private readonly merged: Merged
  readonly parameters: ReadonlyMap<string, string>
  readonly context: ReadonlyMap<string, string>
  /** The same before the jail's options were known. */
  private readonly before: Definition | null
  private readonly read = new Map<string, Expansion | undefined>()
  /** A tag that stands for something that cannot be put together. */
  private failure: Expansion | null = null

  constructor(
    merged: Merged,
    { parameters, context }: Pick<Definition, 'parameters' | 'context'>,
    before: Definition | null = null,
  ) {
    this.merged = merged
    this.parameters = parameters
    this.context = context
    this.before = before
  }

  /**
   * The same definition as it reads once the jail's options are known: they, and what `[Init]` says, then stand in for
   * options of `[Definition]` of their names.
   */
  within(context: ReadonlyMap<string, string>): Definition {
    const initial = this.own(INIT).flatMap((name): readonly (readonly [string, string])[] => {
      const value = this.initial(name)
      return value?.ok === true ? [[name, value.text]] : []
    })
    return new Definition(
      this.merged,
      { parameters: new Map([...initial, ...this.parameters]), context },
      this,
    )
  }

  /** The value of an option with everything put in. Undefined: there is no such option. */
  get(option: string): Expansion | undefined {
    if (!this.read.has(option)) {
      const raw = this.value(option)
      this.failure = null
      const expanded = raw?.ok ? expandTags(raw.text, (name) => this.tag(name)) : raw
      this.read.set(option, this.failure ?? expanded)
    }
    return this.read.get(option)
  }

  /** Where an option was written, if it comes from a file. */
  placeOf(option: string): Place | undefined {
    return this.inSections(option) ?? this.merged.defaults.get(option)
  }

  /** Whether a jail may reach an option as `%(known/name)s`: a default only where it is a setting of filters. */
  has(option: string): boolean {
    const isSetting = isFilterSetting(option) && this.defaulted(option) !== undefined
    return this.parameters.has(option) || this.inSections(option) !== undefined || isSetting
  }

  /** What a parameter or `[Init]` says of an option. fail2ban sends it to its server whatever the jail says. */
  fixed(option: string): Expansion | undefined {
    return this.parameters.has(option) || this.section(INIT)?.options.has(option) === true
      ? this.get(option)
      : undefined
  }

  /**
   * Why an option cannot be put together that fail2ban reads whether it is used or not: those of `[Init]`, and for a
   * jail those of `[Definition]` too. Null: all can.
   */
  broken(which: 'init' | 'all'): string | null {
    const read = this.own(INIT).flatMap((name) => [this.initial(name), this.get(name)])
    if (which === 'all') {
      const variables = this.own(DEFINITION).filter((name) => !isFilterSetting(name))
      read.push(...variables.flatMap((name) => [this.plain(name), this.get(name)]))
      read.push(...FILTER_SETTINGS.map((name) => this.get(name)))
    }
    for (const value of read) if (value?.ok === false) return value.reason
    return null
  }

  /** The names of a section's options, without the values that later files replaced. */
  private own(section: string): readonly string[] {
    return [...(this.section(section)?.options.keys() ?? [])].filter((name) => !name.startsWith(KNOWN))
  }

  /** An option of `[Definition]` by what the files say alone. */
  private plain(name: string): Expansion | undefined {
    const text = lookUp(this.merged, DEFINITION, name)
    return text === undefined ? undefined : interpolate(text, (inner) => this.written(DEFINITION, inner))
  }

  private section(name: string): MergedSection | undefined {
    return this.merged.sections.get(name)
  }

  private inSections(option: string): Value | undefined {
    return this.section(INIT)?.options.get(option) ?? this.section(DEFINITION)?.options.get(option)
  }

  /** An option before its tags are put in: parameter, then `[Init]`, `[Definition]`, the jail's values, the defaults. */
  private value(option: string): Expansion | undefined {
    const given = this.parameters.get(option) ?? this.context.get(option)
    if (given !== undefined) return { ok: true, text: given }
    return this.initial(option) ?? this.defined(option) ?? this.defaulted(option)
  }

  private initial(option: string): Expansion | undefined {
    const value = this.section(INIT)?.options.get(option)
    return value && interpolate(value.text, (name) => this.written(INIT, name))
  }

  private defined(option: string): Expansion | undefined {
    const value = this.section(DEFINITION)?.options.get(option)
    return value && this.interpolateIn(DEFINITION, value.text)
  }

  private defaulted(option: string): Expansion | undefined {
    const value = this.section(DEFINITION) && this.merged.defaults.get(option)
    return value && this.interpolateIn(DEFINITION, value.text)
  }

  private interpolateIn(section: string, text: string): Expansion {
    return interpolate(
      text,
      (name) => this.parameters.get(name) ?? this.context.get(name) ?? this.written(section, name),
    )
  }

  /** What `%(name)s` in a section means, parameters aside: the section's option, a default, or another section's option. */
  private written(section: string, name: string): string | undefined {
    return lookUp(this.merged, section, name)
  }

  /** What `<name>` means. An option with a conditional variant in `[Init]` or among the parameters is left for when the condition is known. */
  private tag(name: string): string | undefined {
    const slash = name.indexOf('/')
    const found = slash < 0 ? this.plainTag(name) : this.slashTag(name.slice(0, slash), name.slice(slash + 1))
    if (found?.ok === false) this.failure = found
    return found?.ok ? found.text : undefined
  }

  private plainTag(name: string): Expansion | undefined {
    const conditional = `${name}?`
    const names = [...this.parameters.keys(), ...(this.section(INIT)?.options.keys() ?? [])]
    if (names.some((other) => other.startsWith(conditional))) return undefined
    // What no section has is looked up once, before the jail's options are known.
    const isOwn = this.parameters.has(name) || this.inSections(name) !== undefined
    if (this.before !== null && !isOwn) return this.before.plainTag(name)
    return this.value(name) ?? this.value(name.toLowerCase())
  }

  /** An option of a named section is what the files say alone: no parameter reaches it. */
  private slashTag(written: string, option: string): Expansion | undefined {
    const section = /^(?:known|default)$/i.test(written) ? written.toLowerCase() : written
    const initial = section === 'known' ? this.initial(option) : undefined
    if (initial !== undefined) return initial
    const inside = section === 'known' || section === 'default' ? DEFINITION : section
    const reached = this.section(inside)
    if (reached === undefined && section !== 'default') return undefined
    const defaulted = this.merged.defaults.get(option)
    if (section === 'known' && reached?.isRepeated) {
      // What no earlier file said is the default's. Inside of what one said the later files count nothing.
      const earlier = reached.options.get(KNOWN + option) ?? defaulted
      const lookup = (name: string): string | undefined =>
        reached.options.get(KNOWN + name)?.text ?? lookUp(this.merged, '', name)
      if (earlier !== undefined) return interpolate(earlier.text, lookup)
    }
    const value = (section === 'default' ? undefined : reached?.options.get(option)) ?? defaulted
    return value && interpolate(value.text, (name) => this.written(inside, name))
  }
}

/**
 * The raw text that `%(name)s` means inside a section: its own option, else the default; `section/option`,
 * `default/option` and `known/option` (the value before the last override) reach further. `__name__` is the section's name.
 */
export function lookUp(merged: Merged, section: string, name: string): string | undefined {
  const own = merged.sections.get(section)?.options.get(name) ?? merged.defaults.get(name)
  if (own !== undefined) return own.text
  if (name === '__name__') return section
  const slash = name.indexOf('/')
  if (slash < 0) return undefined
  const [other, option] = [name.slice(0, slash), name.slice(slash + 1)]
  if (other === 'known' || other === 'default') return merged.defaults.get(option)?.text
  const reached = merged.sections.get(other)
  return reached && (reached.options.get(option) ?? merged.defaults.get(option))?.text
}

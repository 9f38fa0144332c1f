import { lookUp, openDefinition, type Definition } from './definition.ts'
import { FILTER_SETTINGS, isFilterSetting, type FilterOption } from './filter-settings.ts'
import type { Tree } from './include.ts'
import { interpolate, type Expansion } from './interpolate.ts'
import { KNOWN, type Merged, type MergedSection } from './merge.ts'
import type { Place, Problem } from './problem.ts'
import { parseReference } from './reference.ts'

/** The version that fail2ban's own variable tells. */
const VERSION = '1.1.0'

/** Those of which all that is said counts, and those of which the server is told before what the filter fixes. */
const LISTS: ReadonlySet<string> = new Set(['failregex', 'ignoreregex', 'journalmatch'])
const TOLD_FIRST: ReadonlySet<string> = new Set(['usedns', 'prefregex', 'maxlines'])

/** Options of a jail that fail2ban reads, those of filters and the switches aside. */
const JAIL_OPTIONS =
  'maxretry maxmatches findtime bantime bantime.factor bantime.formula bantime.multipliers bantime.maxtime bantime.rndtime ignorecommand ignoreip ignorecache logtimezone logencoding logpath action'.split(
    ' ',
  )

/** The options of one jail as text, those of its filter among them. */
export class JailText {
  readonly name: string
  readonly place: Place
  private readonly merged: Merged
  private readonly section: MergedSection
  /** Values that fail2ban predefines in jails. */
  private readonly predefined: ReadonlyMap<string, string>
  private filter: Definition | null = null
  private known: Definition | null = null

  /** `folder`: where fail2ban's files lie. */
  constructor(merged: Merged, section: MergedSection, folder: string) {
    this.predefined = new Map([
      ['fail2ban_version', VERSION],
      ['fail2ban_confpath', folder],
    ])
    this.name = section.name
    this.place = { file: section.file, line: section.line }
    this.merged = merged
    this.section = section
  }

  /** The value of the jail's option, of `[DEFAULT]`'s where the jail has none. Undefined: neither has it. */
  get(option: string): Expansion | undefined {
    const value = this.section.options.get(option) ?? this.merged.defaults.get(option)
    return value && interpolate(value.text, (name) => this.lookUp(name))
  }

  /** The names of the options that the jail's own section has. */
  ownOptions(): readonly string[] {
    return [...this.section.options.keys()].filter((name) => !name.startsWith(KNOWN))
  }

  /** The value of a setting that the filter may have too; the jail's own stands above what its `[Definition]` says. */
  setting(option: FilterOption): Expansion | undefined {
    const said = this.said(option)
    const broken = said.find(({ ok }) => !ok)
    if (broken !== undefined || !LISTS.has(option)) return broken ?? said.at(-1)
    const texts = said.flatMap((value) => (value.ok ? [value.text] : []))
    return texts.length === 0 ? undefined : { ok: true, text: texts.join('\n') }
  }

  /**
   * What is said of a setting, in the order in which fail2ban's server is told: of a list all counts, else the last.
   * A parameter of the filter and its `[Init]` are told beside what the jail says.
   */
  said(option: FilterOption): readonly Expansion[] {
    const own = this.get(option)
    if (own === undefined) return [this.settings()?.get(option) ?? []].flat()
    const fixed = isFilterSetting(option) ? this.settings()?.fixed(option) : undefined
    if (fixed === undefined) return [own]
    return TOLD_FIRST.has(option) ? [own, fixed] : [fixed, own]
  }

  /** The filter as it reads once the jail's options are known. */
  private settings(): Definition | null {
    this.known ??= this.filter?.within(new Map([...this.filter.context, ...this.options()])) ?? null
    return this.known
  }

  /** The jail's options that stand in for options of its filter. */
  private options(): readonly (readonly [string, string])[] {
    return [...JAIL_OPTIONS, ...FILTER_SETTINGS].flatMap((option): readonly (readonly [string, string])[] => {
      const value = this.get(option)
      return value?.ok === true ? [[option, value.text]] : []
    })
  }

  /** Where an option was written: in the jail, in its filter, or else the head of the jail. */
  placeOf(option: string): Place {
    const value =
      this.section.options.get(option) ?? this.merged.defaults.get(option) ?? this.filter?.placeOf(option)
    return value === undefined ? this.place : { file: value.file, line: value.line }
  }

  /** Opens the jail's filter, so that its settings count. Null: done, or the jail names none. */
  openFilter(tree: Tree): {
    readonly missing: Omit<Problem, 'severity'> | null
    readonly problems: readonly Problem[]
  } {
    const written = this.get('filter')
    if (written === undefined || (written.ok && written.text === '')) return { missing: null, problems: [] }
    if (!written.ok)
      return { missing: { ...this.placeOf('filter'), message: `filter: ${written.reason}` }, problems: [] }
    const parsed = parseReference(written.text)
    if (!parsed.ok)
      return { missing: { ...this.placeOf('filter'), message: `filter: ${parsed.reason}` }, problems: [] }
    const opened = openDefinition(tree, 'filter.d', {
      reference: parsed.reference,
      context: this.context(written.text),
      preset: new Map([['logtype', this.readsJournal() ? 'journal' : 'file']]),
    })
    if (!opened.ok) return { missing: { ...this.placeOf('filter'), ...opened.problem }, problems: [] }
    this.filter = opened.definition
    return { missing: null, problems: opened.problems }
  }

  /** Why fail2ban would not read the options of the filter, used or not. Null: it would, or there is no filter. */
  brokenFilter(): string | null {
    return this.filter?.broken('all') ?? null
  }

  /** What filters may use of their jail: the options that are read before the filter is. */
  private context(filter: string): ReadonlyMap<string, string> {
    const backend = this.get('backend')
    const enabled = this.get('enabled')
    return new Map([
      ['filter', filter],
      ['backend', backend?.ok ? backend.text : 'auto'],
      ['enabled', enabled?.ok && isTrue(enabled.text) ? 'True' : 'False'],
    ])
  }

  private readsJournal(): boolean {
    const backend = this.get('backend')
    return backend?.ok === true && backend.text.startsWith('systemd')
  }

  /** `known/x` is the filter's x once the filter is open, before that the value that a later file replaced. */
  private lookUp(name: string): string | undefined {
    if (name.startsWith('known/') && this.filter?.has(name.slice('known/'.length))) {
      const known = this.filter.get(name.slice('known/'.length))
      if (known?.ok) return known.text
    }
    return lookUp(this.merged, this.section.name, name) ?? this.predefined.get(name)
  }
}

/** fail2ban's reading of a boolean: `1 on true yes` in any case, all else is false. */
export function isTrue(text: string): boolean {
  return /^(?:1|on|true|yes)$/i.test(text)
}

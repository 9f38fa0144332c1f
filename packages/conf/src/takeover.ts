import { isTrue } from './jail-text.ts'
import { INCLUDES } from './merge.ts'
import type { Problem } from './problem.ts'
import { DEFAULT, type IniFile, type Section, type Value } from './read.ts'

/** What says which lines a jail reads, and what it looks for in them. */
const READING = ['backend', 'filter'] as const

/** The files of jails with every name settled between an installation of fail2ban and what lies below it. */
export interface Settled {
  readonly files: readonly IniFile[]
  /** Jails that stand as they do without the foreign files. */
  readonly untouched: ReadonlySet<string>
  /** What is wrong in foreign sections that were left out. */
  readonly faults: readonly Problem[]
}

/**
 * Decides for each jail that both a foreign layer and a lower one have: where the foreign files switch it on or off, theirs
 * stands and nothing of the lower one is mixed in; where they only mention it, as fail2ban's own jail.conf mentions nearly
 * a hundred, the lower one stands. Defaults of foreign files hold for all jails, so that their ignoreip protects everywhere;
 * but what a lower jail reads is not theirs to say, or `backend = polling` there would let it look for a log that is none.
 */
export function settle(files: readonly IniFile[], isForeign: (file: IniFile) => boolean): Settled {
  const first = files.findIndex(isForeign)
  if (first < 0) return { files, untouched: new Set(), faults: [] }
  const foreign = files.filter(isForeign)
  const lower = files.slice(0, first)
  const switched = namesOf(foreign, (section) => section.options.has('enabled'))
  const switchedAll = foreign
    .flatMap(({ sections }) => sections.filter(({ name }) => name === DEFAULT))
    .findLast(({ options }) => options.has('enabled'))
  const isOn = isTrue(switchedAll?.options.get('enabled')?.text ?? '')
  const theirs = isOn ? namesOf(foreign, () => true) : switched
  const untouched = new Set([...namesOf(lower, () => true)].filter((name) => !theirs.has(name)))
  const keep = (file: IniFile): ((section: Section) => boolean) => {
    if (isForeign(file)) return ({ name }) => !untouched.has(name)
    return lower.includes(file) ? ({ name }) => !theirs.has(name) : () => true
  }
  const reading = readingBelow({ lower, foreign, own: files.slice(first).filter((file) => !isForeign(file)) })
  const settled = (file: IniFile): readonly Section[] => {
    const kept = file.sections.filter(keep(file))
    return lower.includes(file) ? kept.map((section) => reading(section)) : kept
  }
  const faults = foreign
    .flatMap(({ sections }) => sections.filter(({ name }) => untouched.has(name)))
    .flatMap(({ name, faults: all }) => all.map((fault) => ({ ...fault, jail: name })))
  return {
    faults,
    files: files.map((file) => ({ ...file, sections: settled(file) })),
    untouched,
  }
}

interface Layers {
  readonly lower: readonly IniFile[]
  readonly foreign: readonly IniFile[]
  /** What the operator wrote for Warder. */
  readonly own: readonly IniFile[]
}

/** Gives a lower jail what the lower defaults say of its reading, where only foreign defaults would say otherwise. */
function readingBelow({ lower, foreign, own }: Layers): (section: Section) => Section {
  const kept = READING.flatMap((option) => {
    const below = defaultIn(lower, option)
    const isTheirs = defaultIn(foreign, option) !== undefined && defaultIn(own, option) === undefined
    const saying = namesOf(lower, ({ options }) => options.has(option))
    return isTheirs && below !== undefined ? [{ option, below, saying }] : []
  })
  return (section) => {
    if (section.name === DEFAULT || section.name === INCLUDES) return section
    const missing = kept.filter(({ saying }) => !saying.has(section.name))
    const added = missing.map(({ option, below }): [string, Value] => [option, below])
    return { ...section, options: new Map([...section.options, ...added]) }
  }
}

const defaultIn = (files: readonly IniFile[], option: string): Value | undefined =>
  files
    .flatMap(({ sections }) => sections.filter(({ name }) => name === DEFAULT))
    .findLast(({ options }) => options.has(option))
    ?.options.get(option)

function namesOf(files: readonly IniFile[], counts: (section: Section) => boolean): ReadonlySet<string> {
  const sections = files.flatMap((file) => file.sections.filter(counts))
  return new Set(sections.map(({ name }) => name).filter((name) => name !== DEFAULT && name !== INCLUDES))
}

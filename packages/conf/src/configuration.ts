import type { JailDefinition } from '@warder/core'
import { JAILS, Tree, type Layer } from './include.ts'
import { isTrue, JailText } from './jail-text.ts'
import { readJail, type JailReading } from './jail.ts'
import { merge, type Merged } from './merge.ts'
import type { Place, Problem } from './problem.ts'
import { settle } from './takeover.ts'

/** All jails of a node as its files describe them, enabled or not. A jail that is broken is not among them. */
export interface Configuration {
  readonly jails: readonly JailDefinition[]
  readonly problems: readonly Problem[]
  /** For each of the jails where the settings of its filter were written, by option. */
  readonly places: ReadonlyMap<string, ReadonlyMap<string, Place>>
}

/**
 * Reads fail2ban's configuration language. Layers come lowest first: all files of a layer are read before those of
 * the next one, inside a layer `jail.conf`, `jail.d/*.conf`, `jail.local`, `jail.d/*.local`. Never throws: what is
 * wrong costs the jail that it belongs to and is told as a problem. A jail that a foreign layer does not switch on or off
 * reads its filter from the other layers, as if the foreign one were not there.
 */
export function readConfiguration(layers: readonly Layer[]): Configuration {
  const tree = new Tree(layers)
  const { files, problems } = tree.filesOf(JAILS)
  const { files: settled, untouched, faults } = settle(files, (file) => tree.isForeign(file))
  const merged = merge(settled)
  const own = untouched.size > 0 ? tree.withoutForeign() : tree
  const readings = [...merged.sections.keys()].map((name) =>
    readSection(untouched.has(name) ? own : tree, merged, name),
  )
  return {
    jails: readings.flatMap(({ jail }) => (jail === null ? [] : [jail])),
    places: new Map(readings.flatMap(({ jail, places }) => (jail === null ? [] : [[jail.name, places]]))),
    problems: [...problems, ...merged.faults, ...faults, ...readings.flatMap((reading) => reading.problems)],
  }
}

/** A section with none of these only holds values for others, unless `[DEFAULT]` enables whatever there is. */
const JAIL_OPTIONS =
  'enabled filter failregex prefregex logpath journalmatch backend port mode maxretry findtime bantime ignoreip action'.split(
    ' ',
  )

const NO_PLACES: ReadonlyMap<string, Place> = new Map()
const NOTHING: JailReading = { jail: null, places: NO_PLACES, problems: [] }

function readSection(tree: Tree, merged: Merged, name: string): JailReading {
  const section = merged.sections.get(name)
  if (section === undefined) return NOTHING
  const text = new JailText(merged, section, tree.fail2banFolder)
  const isJail = JAIL_OPTIONS.some((option) => section.options.has(option)) || isEnabled(text)
  if (section.faults.length === 0 && !isJail) return NOTHING
  if (section.faults.length > 0)
    return {
      jail: null,
      places: NO_PLACES,
      problems: section.faults.map((fault) => ({ ...fault, jail: name })),
    }
  return readJail(tree, text)
}

const isEnabled = (text: JailText): boolean => {
  const enabled = text.get('enabled')
  return enabled?.ok === true && isTrue(enabled.text)
}

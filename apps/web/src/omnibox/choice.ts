import { english, t } from '../language/t.ts'

/** What a choice of the omnibox does. */
export type Act =
  | { readonly kind: 'go'; readonly path: string }
  | { readonly kind: 'unban' | 'allow'; readonly ip: string }
  | { readonly kind: 'ban'; readonly ip: string; readonly bantime: number }
  | { readonly kind: 'theme'; readonly choice: 'light' | 'dark' | 'system' }
  | { readonly kind: 'help' | 'sign-out' }

const GROUPS = {
  Address: english('Address'),
  Pages: english('Pages'),
  Nodes: english('Nodes'),
  Jails: english('Jails'),
  Lists: english('Lists'),
  Settings: english('Settings'),
  Commands: english('Commands'),
  Search: english('Search'),
}
export type Group = keyof typeof GROUPS

/** What stands above the lines of a group. */
export const groupWords = (group: Group): string => t(GROUPS[group])

/** One line of the omnibox. `id` stays the same while more becomes known, so that the chosen line stays chosen. */
export interface Choice {
  readonly id: string
  readonly group: Group
  readonly label: string
  /** Beside the label, weaker. */
  readonly detail: string
  /** Other words that it is found by. */
  readonly words?: readonly string[]
  /** The keys that do the same, as they are pressed. */
  readonly keys?: string
  readonly act: Act
}

/** Lines that belong together, under a heading. */
export interface ChoiceGroup {
  readonly group: Group
  readonly choices: readonly Choice[]
}

/** What a choice of the omnibox does. */
export type Act =
  | { readonly kind: 'go'; readonly path: string }
  | { readonly kind: 'unban' | 'allow'; readonly ip: string }
  | { readonly kind: 'ban'; readonly ip: string; readonly bantime: number }
  | { readonly kind: 'theme'; readonly choice: 'light' | 'dark' | 'system' }
  | { readonly kind: 'help' | 'sign-out' }

export type Group = 'Address' | 'Pages' | 'Nodes' | 'Jails' | 'Lists' | 'Settings' | 'Commands' | 'Search'

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

/** One alternative of a journalmatch: all of its `FIELD=value` terms must hold; a field named twice may have either value. */
export type JournalMatchGroup = readonly (readonly [field: string, value: string])[]

/** fail2ban's journalmatch: groups joined by `+`; an entry belongs to the jail when one group holds. */
export type JournalMatch = readonly JournalMatchGroup[]

/** A filter as text: fail2ban's expressions with their tags, not compiled yet. */
export interface FilterDefinition {
  readonly name: string
  readonly prefregex?: string
  readonly failregex: readonly string[]
  readonly ignoreregex: readonly string[]
  readonly datepattern?: string
  /** The zone of dates that name none, as `UTC+0200` or `CET`; absent: the node's. */
  readonly logtimezone?: string
  readonly maxlines: number
  readonly journalmatch: JournalMatch
}

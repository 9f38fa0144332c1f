/** What the engine asks about a failure. */
export type Inquiry =
  /** The addresses of the host that its `ip` names. */
  | { readonly kind: 'addresses'; readonly name: string }
  /** Whether the jail's ignorecommand says that it does not count: a program with its arguments, for no shell. */
  | { readonly kind: 'ignored'; readonly argv: readonly string[] }

/** What is replied. */
export type Reply =
  /** None where nobody knows the name. */
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'ignored'; readonly isIgnored: boolean }

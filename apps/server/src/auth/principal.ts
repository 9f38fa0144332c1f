/** Who makes a request. */
export type Principal =
  | { readonly kind: 'operator'; readonly name: string; readonly session: string }
  | { readonly kind: 'token'; readonly name: string; readonly id: string }

/** How the audit and the nodes name someone: `ada`, `token:scripts`. */
export const actorOf = (principal: Principal): string =>
  principal.kind === 'operator' ? principal.name : `token:${principal.name}`

/** What is amiss, in words. */
export interface Amiss {
  readonly kind: 'amiss'
  readonly cause: string
  readonly effect: string
}
/** Nothing is; `cause` says what was read. */
export interface Fine {
  readonly kind: 'fine'
  readonly cause: string
}
export interface Unread {
  readonly kind: 'unread'
  readonly cause: string
}
export type Verdict = Amiss | Fine | Unread

export const fine = (cause: string): Fine => ({ kind: 'fine', cause })
export const amiss = (cause: string, effect: string): Amiss => ({ kind: 'amiss', cause, effect })
export const unread = (reason: string): Unread => ({
  kind: 'unread',
  cause: `It could not be read: ${reason}`,
})

/** Most messages of events on their way at once: enough to hide the way there and back, few enough to bound memory. */
export const WINDOW_MESSAGES = 4

/** What was sent and not acknowledged: the last number in each message, in order. */
export interface SendWindow {
  /** Up to here the server has it. */
  readonly acked: number
  readonly flying: readonly number[]
}

/** The window of a new connection. `acked`: what the welcome says. */
export const openWindow = (acked: number): SendWindow => ({ acked, flying: [] })

export const hasRoom = (window: SendWindow): boolean => window.flying.length < WINDOW_MESSAGES

/** After which number the next message begins. */
export const sentUpTo = (window: SendWindow): number => window.flying.at(-1) ?? window.acked

/** A message with events up to a number was sent. */
export const afterSending = (window: SendWindow, last: number): SendWindow => ({
  ...window,
  flying: [...window.flying, last],
})

/** An acknowledgement came. One that is older than what is known, or of what was never sent, says nothing new. */
export function afterAck(window: SendWindow, acked: number): SendWindow {
  if (acked <= window.acked || acked > sentUpTo(window)) return window
  return { acked, flying: window.flying.filter((last) => last > acked) }
}

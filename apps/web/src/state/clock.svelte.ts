/** The time, as the server has it, ticking once a second while the page is seen. */
export class Clock {
  /** Milliseconds since 1970 by the server's clock. */
  now = $state(Date.now())
  #ahead = 0

  /** Starts to tick; gives back what stops it. */
  start(): () => void {
    const tick = (): void => {
      if (!document.hidden) this.now = Date.now() + this.#ahead
    }
    const timer = setInterval(tick, 1_000)
    document.addEventListener('visibilitychange', tick)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tick)
    }
  }

  /** Takes over the server's time. Its header has whole seconds, so small differences mean nothing. */
  align(serverTime: number): void {
    const ahead = serverTime - Date.now()
    this.#ahead = Math.abs(ahead) > 2_500 ? ahead : 0
  }
}

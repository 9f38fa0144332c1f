import type { Clock } from '@warder/daemon'

const STEP_MS = 40

/** Asks again and again until the answer is yes. @throws Error naming `what` after `limitMs` */
export async function until(
  clock: Clock,
  what: string,
  ask: () => Promise<boolean>,
  limitMs = 20_000,
): Promise<void> {
  const end = clock.now() + limitMs
  while (!(await ask())) {
    if (clock.now() > end) throw new Error(`gave up waiting until ${what}`)
    await new Promise<void>((resolve) => clock.after(STEP_MS, resolve))
  }
}

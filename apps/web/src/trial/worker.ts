import { tryLines, type Step, type Task } from './try.ts'

/** A thread of its own, since an expression may take for ever: whoever started it can end it. */
const scope = globalThis as unknown as { postMessage(step: Step): void; onmessage: unknown }

scope.onmessage = ({ data }: MessageEvent<Task>): void => {
  for (const step of tryLines(data, () => performance.now())) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it speaks to whoever started it
    scope.postMessage(step)
  }
}

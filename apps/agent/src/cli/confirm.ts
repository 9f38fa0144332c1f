import { createInterface } from 'node:readline/promises'

/** Where a question is asked and answered. */
interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/** Whether somebody can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true

/** Asks the person at the terminal; everything but yes means no, Ctrl-C and Ctrl-D too. */
export async function confirm(
  question: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<boolean> {
  const lines = createInterface({ input, output })
  try {
    return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
  } catch (err) {
    if (!(err instanceof Error && err.name === 'AbortError')) throw err
    output.write('\n')
    return false
  } finally {
    lines.close()
  }
}

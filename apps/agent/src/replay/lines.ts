import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { LineSplitter } from '../source/split.ts'

/** Whether the path is a file that can be read as a log. Something else (a folder, a pipe) is none. */
export const isLog = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  )

/** The lines of a file, a piece of it after the other: its size does not matter. Over-long lines are cut. */
export async function* linesOf(path: string): AsyncGenerator<readonly string[]> {
  const splitter = new LineSplitter()
  for await (const chunk of createReadStream(path)) {
    yield splitter.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)))
  }
  const last = splitter.flush()
  if (last !== null) yield [last]
}

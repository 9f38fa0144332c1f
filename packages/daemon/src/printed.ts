import type { Writable } from 'node:stream'

/**
 * Resolves once all that was printed was taken by whoever reads it, or nobody reads any more. Before a process ends:
 * a pipe takes no more than 64 KiB at once, and what it did not take is lost with the process.
 */
export async function printed(): Promise<void> {
  await Promise.all([taken(process.stdout), taken(process.stderr)])
}

function taken(stream: Writable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  stream.once('error', () => resolve())
  stream.write('', () => resolve())
  return promise
}

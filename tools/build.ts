import { bin, inRoot } from './root.ts'
import { capture, show } from './run.ts'

/** Builds the dashboard's files and the bundles of the two programs. turbo skips it when nothing changed. */
export const build = (): boolean => show(bin('turbo'), ['run', 'build', '--output-logs=new-only'])

/** The same, without a word unless it fails. */
export async function buildQuietly(): Promise<boolean> {
  const done = await capture(bin('turbo'), ['run', 'build', '--output-logs=errors-only'])
  if (!done.ok) process.stderr.write(done.output)
  return done.ok
}

if (process.argv[1] === inRoot('tools', 'build.ts')) process.exit(build() ? 0 : 1)

import { inRoot } from './root.ts'
import { show } from './run.ts'
import { bin } from './root.ts'

/** Builds what has to be built: the dashboard's assets. turbo skips it when nothing changed. */
export function build(quiet = false): boolean {
  return show(bin('turbo'), ['run', 'build', `--output-logs=${quiet ? 'errors-only' : 'new-only'}`])
}

if (process.argv[1] === inRoot('tools', 'build.ts')) process.exit(build() ? 0 : 1)

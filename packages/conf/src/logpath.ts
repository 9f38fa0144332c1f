import type { JailBackend } from '@warder/core'
import type { OptionReader } from './option-reader.ts'
import { quote } from './problem.ts'
import { linesOf } from './value.ts'

/**
 * The files that a jail reads, as globs. Whether a file is read from its end makes no difference here, nor what is said
 * where the jail reads the journal.
 */
export function readLogpath(options: OptionReader, backend: JailBackend): readonly string[] {
  const written = linesOf(options.hard('logpath') ?? '').map((line) => line.replace(/\s+(?:head|tail)$/i, ''))
  const paths = written.filter((path) => path.startsWith('/'))
  if (backend === 'systemd') return paths
  for (const path of written) {
    if (/^\/.*\s\//.test(path))
      options.fail(
        'logpath',
        `logpath has several paths on one line, each needs one of its own: ${quote(path)}`,
      )
    if (path.startsWith('/')) continue
    const message = `logpath is not absolute: ${quote(path)}`
    // Mostly an option that is indented; the paths above it are read all the same.
    if (paths.length > 0) options.remark('logpath', `${message}; it is passed over`)
    else options.fail('logpath', message)
  }
  return paths
}

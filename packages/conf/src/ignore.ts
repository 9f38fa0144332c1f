import type { JailDefinition } from '@warder/core'
import { readIgnoreCache, readIgnoreCommand } from './ignore-command.ts'
import { splitIgnoreip } from './ignoreip.ts'
import type { OptionReader } from './option-reader.ts'
import { quote } from './problem.ts'

type Ignored = Pick<
  JailDefinition,
  'ignoreip' | 'ignorehosts' | 'ignorefiles' | 'ignorecommand' | 'ignorecache'
>

/** What a jail says of those who never count. */
export function readIgnored(options: OptionReader): Ignored {
  const { ignoreip, ignorehosts, ignorefiles, foreign } = splitIgnoreip(options.hard('ignoreip') ?? '')
  for (const word of foreign)
    options.remark(
      'ignoreip',
      `ignoreip ${quote(word)} is no address, no subnet and no host name, and protects nobody`,
    )
  return {
    ignoreip,
    ...(ignorehosts.length > 0 ? { ignorehosts } : {}),
    ...(ignorefiles.length > 0 ? { ignorefiles } : {}),
    ...readCommand(options),
    ...readCache(options),
  }
}

function readCommand(options: OptionReader): Pick<Ignored, 'ignorecommand'> {
  const read = readIgnoreCommand(options.soft('ignorecommand') ?? '')
  if (!read.ok) options.remark('ignorecommand', `ignorecommand ${read.reason}; it is not run`)
  for (const remark of read.ok ? read.remarks : [])
    options.remark('ignorecommand', `ignorecommand: ${remark}`)
  return read.ok && read.command !== null ? { ignorecommand: read.command } : {}
}

function readCache(options: OptionReader): Pick<Ignored, 'ignorecache'> {
  const written = options.soft('ignorecache') ?? ''
  if (written === '') return {}
  const ignorecache = readIgnoreCache(written)
  if (ignorecache !== null) return { ignorecache }
  options.remark('ignorecache', `ignorecache ${quote(written)} cannot be read; nothing is kept`)
  return {}
}

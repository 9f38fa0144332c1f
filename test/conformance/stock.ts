import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE } from '../fail2ban/package.ts'

/** The names of all filters of an unpacked package; files that others include are none. */
export function stockFilters(folder: string): readonly string[] {
  return readdirSync(join(folder, PACKAGE.config, 'filter.d'), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.conf') && !entry.name.endsWith('common.conf'))
    .map(({ name }) => name.slice(0, -'.conf'.length))
    .filter((name) => !name.endsWith('-common'))
}

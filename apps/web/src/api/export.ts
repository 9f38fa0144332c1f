import { PATHS } from '@warder/protocol/paths'
import { inUrl } from '../prefix.ts'
import { searchedTarget } from '../format/address.ts'
import type { BanQuery } from '../routes.ts'

/** Where the server writes all bans that a query shows into one file. */
export function exportPath({ state, search, node, jail }: BanQuery, format: 'csv' | 'ndjson'): string {
  const params = new URLSearchParams({ format, active: String(state === 'active') })
  const target = searchedTarget(search)
  if (target !== null) params.set('ip', target)
  else if (search !== '') params.set('search', search)
  if (node !== null) params.set('node', node)
  if (jail !== null) params.set('jail', jail)
  return `${inUrl(PATHS.bansExport)}?${params}`
}

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { journalLine, parseAddress, type LogLine } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { tryFilter } from './try.ts'

const CORPUS = process.env['WARDER_CORPUS'] ?? ''
const path = join(CORPUS, 'proxmox-lines.jsonl')
const NOW = Date.UTC(2026, 10, 20, 12)
const USER_LIMIT = 128

interface Record {
  id: number
  product: string
  via: string
  line: string
  note?: string
  expect: { match: boolean; host?: string; user?: string }
}

const filterOf = ({ product, via }: Record): string =>
  ({
    pve: via === 'file' ? 'proxmox-access' : 'proxmox',
    pbs: 'proxmox-backup',
    pmg: 'proxmox-mail',
    pdm: 'proxmox-datacenter',
  })[product] ?? product

describe('lines of Proxmox products and sshd', () => {
  if (!existsSync(path)) {
    it.skip('are found or left alone as annotated (skipped: the corpus is not on this machine)')
    return
  }
  const rows = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text): Record => JSON.parse(text))
  it.each(rows.map((row) => ({ ...row, title: `${row.id} ${row.product} ${row.note ?? ''}` })))(
    '$title',
    (row) => {
      const line: LogLine | null =
        row.via === 'journal-json'
          ? journalLine(JSON.parse(row.line), NOW)
          : { source: '/log', text: row.line, readAt: NOW }
      const found = line === null ? null : tryFilter(filterOf(row))(line, NOW)
      expect(found?.ip ?? null).toBe(row.expect.match ? parseAddress(row.expect.host ?? '') : null)
      if (row.expect.match && row.expect.user !== undefined)
        expect(found?.user ?? '').toBe(row.expect.user.slice(0, USER_LIMIT))
    },
  )
})

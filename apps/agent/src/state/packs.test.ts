import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import type { Ban } from '@warder/core'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Packed } from './packs.ts'
import { openState, type State } from './state.ts'

let folder: string
let state: State

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warder-packs-'))
  state = openState(folder, 0)
})
afterEach(() => {
  state.close()
  rmSync(folder, { recursive: true })
})

const ban = (n: number): Ban => ({
  jail: 'sshd',
  ip: `192.0.2.${n}`,
  at: 1_000,
  until: null,
  origin: 'detected',
  ticket: {
    failures: 5,
    first: 0,
    last: 900,
    maxretry: 5,
    findtime: 600,
    users: ['root'],
    lines: [`a "line" ${n}`],
  },
})
const BANS = Array.from({ length: 300 }, (_, i) => ban(i % 250)).slice(0, 250)

const unpacked = (packed: readonly Packed[]): unknown[] =>
  packed.flatMap(({ pack, values }) =>
    Array.from({ length: values }, (_, place) => state.packs.get({ pack, place })),
  )

describe('packs', () => {
  it.each([1, 8, 16, 17, 255, 256, 257, 1_000])('give back each of %i values as it was', (length) => {
    const values = Array.from({ length }, (_, i) => ({ line: `text ${i}\n"[,]" ${'é'.repeat(i)}` }))
    expect(unpacked(state.packs.put(values))).toEqual(values)
  })

  it('are bounded, whatever they hold', () => {
    const values = Array.from({ length: 300 }, (_, i) => [`${i}`.repeat(20_000)])
    const packed = state.packs.put(values)
    expect(unpacked(packed)).toEqual(values)
    expect(Math.max(...packed.map((each) => each.values))).toBe(16)
  })

  it('are read that an early agent wrote', () => {
    const db = new Database(join(folder, 'state.db'))
    const lines = BANS.map((each) => JSON.stringify(each)).join('\n')
    db.prepare('INSERT INTO packs (id, texts) VALUES (7, ?)').run(deflateRawSync(lines))
    db.close()
    expect(state.packs.get({ pack: 7, place: 9 })).toEqual(BANS[9])
    expect(state.packs.get({ pack: 7, place: 250 })).toBeUndefined()
  })

  it('hold many bans with all their evidence, which are read without it too', () => {
    state.bans.putAll(BANS)
    expect(state.bans.all()).toEqual(BANS)
    expect(state.bans.get('sshd', '192.0.2.7')).toEqual(ban(7))
    expect(state.bans.all('without evidence').every(({ ticket }) => ticket?.lines.length === 0)).toBe(true)
  })

  it('hold the bans of several jails by turns, and one that is put again', () => {
    const bans = BANS.map((each, n) => ({ ...each, jail: n % 3 === 0 ? 'web' : 'sshd' }))
    const later = { ...ban(1), at: 2_000 }
    state.bans.putAll([...bans, later])
    expect(state.bans.all()).toHaveLength(250)
    expect(state.bans.counts()).toEqual([
      { jail: 'sshd', bans: 166 },
      { jail: 'web', bans: 84 },
    ])
    expect(state.bans.get('web', '192.0.2.0')).toEqual(bans[0])
    expect(state.bans.get('sshd', '192.0.2.1')).toEqual(later)
    expect(state.bans.get('web', '192.0.2.249')).toEqual(bans[249])
  })

  it('are kept as long as one value of them is referred to', () => {
    state.bans.putAll(BANS)
    for (const { jail, ip } of BANS.slice(1)) state.bans.remove(jail, ip)
    state.packs.tidy()
    expect(state.bans.all()).toEqual(BANS.slice(0, 1))
    state.bans.remove('sshd', '192.0.2.0')
    state.packs.tidy()
    expect(state.packs.get({ pack: 1, place: 0 })).toBeUndefined()
  })

  it('hold many events, in their order', () => {
    const events = BANS.flatMap((each, n) => [
      { kind: 'failure.found' as const, jail: 'sshd', ip: each.ip, failedAt: n, line: `line ${n}` },
      { kind: 'ban.added' as const, ban: each },
    ])
    state.outbox.append(events, 5)
    expect(state.outbox.read(0, 1_000).map(({ event }) => event)).toEqual(events)
  })
})

import { describe, expect, it } from 'vitest'
import { backupsAmong, dueAt, momentOf, nameOf, readManifest, surplusOf } from './manifest.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const HOUR = 3_600_000
const names = (...hours: readonly number[]) => hours.map((hour) => nameOf(NOON + hour * HOUR))

describe('the name of a backup', () => {
  it('is that of its moment, to the second', () => {
    expect(nameOf(NOON + 1_999)).toBe('warder-2026-11-20T12-00-01Z')
    expect(momentOf('warder-2026-11-20T12-00-01Z')).toBe(NOON + 1_000)
  })

  it.each([
    'warder',
    '.unfinished-warder-2026-11-20T12-00-01Z',
    'warder-2026-13-20T12-00-01Z',
    '',
    'backups',
  ])('is not %j', (name) => expect(momentOf(name)).toBeNull())
})

describe('when backups are due', () => {
  it.each([
    ['at once where there is none', [], 0],
    ['so long after the latest', names(-30, -6), 18],
    ['at once when the latest is older', names(-30), 0],
    ['at once when the latest is to come: its clock was wrong', names(5), 0],
  ])('%s', (_name, known, hours) => {
    expect(dueAt(['other', ...known], 24, NOON)).toBe(NOON + hours * HOUR)
  })

  it('the oldest are too many', () => {
    const all = names(-1, -3, -2, -4)
    expect(backupsAmong(['x', ...all])).toEqual(names(-4, -3, -2, -1))
    expect(surplusOf(['x', ...all], 2)).toEqual(names(-4, -3))
    expect(surplusOf(all, 9)).toEqual([])
  })
})

describe('a manifest', () => {
  const sha256 = 'a'.repeat(64)
  const good = {
    format: 1,
    warder: '0.1.0',
    madeAt: 5,
    files: [{ name: 'history.db', bytes: 1, sha256 }],
  }
  it('is read', () => expect(readManifest(JSON.stringify(good))).toEqual(good))
  it.each([
    ['no JSON', 'x'],
    ['another format', JSON.stringify({ ...good, format: 2 })],
    ['a file elsewhere', JSON.stringify({ ...good, files: [{ ...good.files[0], name: '../passwd' }] })],
    ['a file below', JSON.stringify({ ...good, files: [{ ...good.files[0], name: 'a/b' }] })],
    ['a file above', JSON.stringify({ ...good, files: [{ ...good.files[0], name: '..' }] })],
  ])('with %s is none', (_name, text) => expect(readManifest(text)).toBeNull())
})

import { ORDER_LIMIT } from '@warder/core'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toJSONSchema } from 'zod'
import { down } from './down.ts'
import { parseDown, parseUp, toFrame } from './frame.ts'
import { PART_ENTRIES } from './lists.ts'
import { up } from './up.ts'
import { FRAME_LIMIT_BYTES, LINK_VERSION } from './version.ts'

const FIXTURES = new URL('../../fixtures/link/', import.meta.url)
/** The schemas of each version. A change of a message changes its hash: raise LINK_VERSION, add a line and fixtures. */
const HASHES: Readonly<Record<number, string>> = {
  1: '86c11c3ee5bfef79',
  2: '4151a00356a39dc3',
  3: '34f2b4e2d5c2437c',
}

describe('the link', () => {
  it('changes only with its version', () => {
    const schemas = JSON.stringify([toJSONSchema(up), toJSONSchema(down)])
    expect(createHash('sha256').update(schemas).digest('hex').slice(0, 16)).toBe(HASHES[LINK_VERSION])
  })

  const versions = readdirSync(FIXTURES)
  it.each(
    versions.flatMap((version) =>
      readdirSync(new URL(`${version}/`, FIXTURES)).map((file) => `${version}/${file}`),
    ),
  )('still understands %s', (file) => {
    const text = readFileSync(new URL(file, FIXTURES), 'utf8')
    const parsed = file.includes('/up-') ? parseUp(text) : parseDown(text)
    expect(parsed).toMatchObject({ ok: true })
    if (parsed.ok) expect(JSON.parse(toFrame(parsed.message))).toEqual(JSON.parse(text))
  })

  it('takes the largest order for many and the largest part of lists in one frame', () => {
    const longest = `${'2001:0db8:'.padEnd(45, 'f')}/128`
    const ips = Array.from({ length: ORDER_LIMIT }, () => longest)
    const order = {
      kind: 'ban-many' as const,
      id: 'x'.repeat(64),
      ips,
      jail: 'manual',
      bantime: -1,
      by: 'x'.repeat(128),
      reason: 'x'.repeat(1_000),
      expiresAt: 1_795_166_401_108,
    }
    const ending = ips.slice(0, PART_ENTRIES).map((ip) => ({ ip, until: 1_795_166_401_108 }))
    const list = { kind: 'deny' as const, name: 'x'.repeat(64), targets: [], ending }
    const part = { revision: 1, stamp: 'x'.repeat(64), part: 1, parts: 1, lists: [list] }
    for (const message of [
      { kind: 'order' as const, order },
      { kind: 'lists' as const, part },
    ])
      expect(parseDown(toFrame(message))).toMatchObject({ ok: true })
  })

  it.each([
    ['no JSON', '{', 'the frame is not JSON'],
    ['too large', `"${'x'.repeat(FRAME_LIMIT_BYTES)}"`, 'the frame is too large'],
    ['an unknown kind', '{"kind":"shell"}', /kind/],
    ['an unknown key', '{"kind":"events","events":[],"run":"rm"}', /./],
    [
      'a number out of bounds',
      '{"kind":"events","events":[{"seq":0,"at":1,"event":{"kind":"ban.expired","jail":"sshd","ip":"192.0.2.1"}}]}',
      /events\.0\.seq/,
    ],
  ])('refuses %s in words', (_, text, problem) => {
    const parsed = parseUp(text)
    expect(parsed.ok).toBe(false)
    if (!parsed.ok) expect(parsed.problem).toMatch(problem)
  })
})

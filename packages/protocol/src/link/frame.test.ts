import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toJSONSchema } from 'zod'
import { down } from './down.ts'
import { parseDown, parseUp, toFrame } from './frame.ts'
import { up } from './up.ts'
import { FRAME_LIMIT_BYTES, LINK_VERSION } from './version.ts'

const FIXTURES = new URL('../../fixtures/link/', import.meta.url)
/** The schemas of each version. A change of a message changes its hash: raise LINK_VERSION, add a line and fixtures. */
const HASHES: Readonly<Record<number, string>> = {
  1: '86c11c3ee5bfef79',
  2: '4151a00356a39dc3',
  3: 'b6747992a2a781aa',
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

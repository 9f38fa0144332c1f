import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock, systemClock } from '@warder/daemon'
import { afterAll, describe, expect, it } from 'vitest'
import { runProgram } from './run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'warder-run-'))
afterAll(() => rmSync(folder, { recursive: true }))
const run = (...argv: string[]) => runProgram(argv, { clock: systemClock, limitMs: 10_000 })

describe('runProgram', () => {
  it.each([0, 1, 7])('says how a program ended: %i', async (code) => {
    expect(await run('/bin/sh', '-c', `exit ${code}`)).toEqual({ code, reason: `exit code ${code}` })
  })

  it('hands arguments over as they are: no shell looks at them', async () => {
    const file = join(folder, 'seen')
    const hostile = '; touch "$0" `id` $(id) > x \n *'
    expect((await run('/bin/sh', '-c', 'printf %s "$1" > "$2"', 'sh', hostile, file)).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(hostile)
    expect(existsSync(join(folder, 'x'))).toBe(false)
  })

  it.each<[string, string[]]>([
    ['is not there', [join(folder, 'nothing')]],
    ['cannot be run', [folder]],
    ['is named by nothing', ['']],
    ['has an argument that there cannot be', ['/bin/true', 'a\0b']],
  ])('tells where a program %s', async (_, argv) => {
    const exit = await run(...argv)
    expect(exit.code).toBeNull()
    expect(exit.reason).not.toBe('')
  })

  it('ends what takes too long', async () => {
    const clock = new ManualClock(0)
    const exit = runProgram(['/bin/sh', '-c', 'sleep 60 & wait'], { clock, limitMs: 500 })
    clock.advance(500)
    expect(await exit).toEqual({ code: null, reason: 'it took longer than 500 ms' })
  })
})

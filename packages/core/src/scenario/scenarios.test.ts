import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { playScenario } from './play.ts'

const FOLDER = join(import.meta.dirname, '../../scenarios')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.scenario'))

describe('the scenarios, whose effects stand below the line', () => {
  it.each(names)('%s', async (name) => {
    const path = join(FOLDER, name)
    await expect(playScenario(readFileSync(path, 'utf8'))).toMatchFileSnapshot(path)
  })
})

describe('the reader of scenarios', () => {
  it.each([
    ['a word that is none', 'jial sshd\n', 'not understood'],
    ['a time that is none', 'jail sshd\n10:00  sshd[1]: x\n', 'not a time'],
    ['a duration that is none', 'jail sshd findtime=soon\n', 'not a duration'],
  ])('refuses %s', (_, text, message) => {
    expect(() => playScenario(text)).toThrow(message)
  })
})

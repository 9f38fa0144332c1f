import { execFileSync } from 'node:child_process'
import { link, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { appendLine, runWriter } from './write-line.ts'

let folder: string
let other: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warder-log-'))
  other = await mkdtemp(join(tmpdir(), 'warder-other-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
  await rm(other, { recursive: true })
})

it.each([
  ['', 'x\n'],
  ['a\n', 'a\nx\n'],
  ['a\nhalf', 'a\nhalf\nx\n'],
])('appends a line behind %j', async (before, after) => {
  const path = join(folder, 'a.log')
  await writeFile(path, before)
  await appendLine(path, 'x', `${folder}/`)
  expect(await readFile(path, 'utf8')).toBe(after)
})

it('follows a link inside the folder, as logs of some services are', async () => {
  await writeFile(join(folder, 'real.log'), '')
  await symlink('real.log', join(folder, 'a.log'))
  await appendLine(join(folder, 'a.log'), 'x', `${folder}/`)
  expect(await readFile(join(folder, 'real.log'), 'utf8')).toBe('x\n')
})

it.each([
  ['a link that leads out', () => symlink(join(other, 'secret'), join(folder, 'a.log'))],
  ['a second name of a file elsewhere', () => link(join(other, 'secret'), join(folder, 'a.log'))],
  ['a folder', () => symlink(folder, join(folder, 'a.log'))],
  ['a pipe', async () => void execFileSync('mkfifo', [join(folder, 'a.log')])],
  ['nothing at all', async () => {}],
])('appends nothing to %s', async (_, make: () => Promise<void>) => {
  await writeFile(join(other, 'secret'), 'root')
  await make()
  await expect(appendLine(join(folder, 'a.log'), 'x', `${folder}/`)).rejects.toThrow(/./)
  expect(await readFile(join(other, 'secret'), 'utf8')).toBe('root')
})

it.each([
  [['/none/logger'], /cannot be run/],
  [['sh', '-c', 'echo no socket >&2; exit 1'], /could not write to the journal: no socket/],
])('says why the journal takes nothing: %j', async (command, words) => {
  await expect(runWriter(command, 'MESSAGE=x\n')).rejects.toThrow(words)
})

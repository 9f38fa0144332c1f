import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeAtomically } from './atomic-file.ts'

it('replaces a file whole, with its mode, and leaves nothing beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warder-atomic-'))
  const file = join(folder, 'key')
  await writeAtomically(file, 'old and longer')
  await writeAtomically(file, 'new')
  expect(await readFile(file, 'utf8')).toBe('new')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['key'])
  await rm(folder, { recursive: true })
})

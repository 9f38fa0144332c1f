import { execFileSync } from 'node:child_process'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@warder/daemon'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SlowFile } from './slow-file.ts'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'warder-slow-'))))
afterEach(() => rm(folder, { recursive: true }))

it('is read each time, and is nothing when it is gone', async () => {
  const path = join(folder, 'a')
  const file = new SlowFile(path, new ManualClock(0))
  expect(await file.read()).toBeNull()
  await writeFile(path, 'one')
  expect(await file.read()).toBe('one')
  await writeFile(path, 'two')
  expect(await file.read()).toBe('two')
  await rm(path)
  expect(await file.read()).toBeNull()
})

it('is as it was last while it hangs, and is read on when it does not any more', async () => {
  const [path, clock] = [join(folder, 'a'), new ManualClock(0)]
  const file = new SlowFile(path, clock)
  await writeFile(path, 'before')
  expect(await file.read()).toBe('before')
  await rm(path)
  // Nobody writes into this pipe, so opening it hangs as a dead pmxcfs does.
  execFileSync('mkfifo', [path])
  for (let round = 0; round < 8; round++) {
    const reading = file.read()
    clock.advance(3_000)
    expect(await reading).toBe('before')
  }
  // One read hangs, not eight: what is written once is what the next look finds.
  const writer = await open(path, 'w')
  await writer.write('after')
  await writer.close()
  expect(await file.read()).toBe('after')
})

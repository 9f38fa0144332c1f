import { execFileSync } from 'node:child_process'
import { appendFile, copyFile, mkdir, mkdtemp, open, rename, rm, truncate, writeFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { systemClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { sourceConforms, Taker, type SourceRig } from './conformance.ts'
import { FileSource } from './file.ts'

interface FileRig extends SourceRig {
  readonly path: string
  make(first?: 'beginning' | 'end'): FileSource
}

async function makeRig(name = 'auth.log'): Promise<FileRig> {
  const folder = await mkdtemp(join(tmpdir(), 'warder-file-'))
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  return {
    path,
    write: (lines) => appendFile(path, lines.map((line) => `${line}\n`).join('')),
    make: (first = 'beginning') => new FileSource({ path, clock: systemClock, first }),
    textOf: (line) => line.text,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Starts a source, lets `during` happen while it runs, and gives what it read once there are `count` lines. */
async function reading(rig: FileRig, cursor: string | null, count: number, during = async () => {}) {
  const taker = new Taker()
  const source = rig.make()
  await source.start(cursor, taker.deliver)
  await during()
  await taker.until(() => taker.lines.length >= count)
  await source[Symbol.asyncDispose]()
  return { texts: taker.lines.map(rig.textOf), cursor: taker.cursor }
}

/** Lets the first read behind a place of a file fail, as a bad disk does. */
async function failingBehind(path: string, place: number): Promise<Disposable> {
  await using handle = await open(path)
  const reads: Pick<FileHandle, 'read'> = Object.getPrototypeOf(handle)
  const read = reads.read
  let hasFailed = false
  reads.read = function (this: FileHandle, ...args: unknown[]) {
    if (hasFailed || Number(args[3]) < place) return Reflect.apply(read, this, args)
    hasFailed = true
    return Promise.reject(new Error('EIO: i/o error, read'))
  } as typeof read
  return { [Symbol.dispose]: () => void (reads.read = read) }
}

describe('a file as a source', () => {
  sourceConforms(() => makeRig())

  it('reads again what could not be read ahead, also where that failed while lines were dealt with', async () => {
    await using rig = await makeRig()
    const lines = Array.from({ length: 10_000 }, (_, index) => `${index} ${'x'.repeat(100)}`)
    await rig.write(lines)
    using _ = await failingBehind(rig.path, 500_000)
    const unhandled: unknown[] = []
    const note = (err: unknown): void => void unhandled.push(err)
    process.on('unhandledRejection', note)
    const taker = new Taker()
    const source = rig.make()
    await source.start(null, async (batch) => {
      // Long enough for a failure that nobody waits for to end the process.
      for (let turn = 0; turn < 3; turn++) await setImmediate()
      await taker.deliver(batch)
    })
    await taker.until(() => taker.lines.length >= lines.length)
    await source[Symbol.asyncDispose]()
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
    expect(taker.lines.map(rig.textOf)).toEqual(lines)
  })

  it('begins at the end on its first start, with the last line that is not whole yet', async () => {
    await using rig = await makeRig()
    await writeFile(rig.path, 'old 1\nold 2\nnew')
    const taker = new Taker()
    const source = rig.make('end')
    await source.start(null, taker.deliver)
    expect(taker.cursor).not.toBeNull()
    await appendFile(rig.path, ' 1\nnew 2\n')
    await taker.until(() => taker.lines.length >= 2)
    await source[Symbol.asyncDispose]()
    expect(taker.lines.map(rig.textOf)).toEqual(['new 1', 'new 2'])
  })

  it('waits for a file that is missing at the start, then reads all of it', async () => {
    await using rig = await makeRig()
    const taker = new Taker()
    const source = rig.make('end')
    await source.start(null, taker.deliver)
    await writeFile(rig.path, 'a\nb\n')
    await taker.until(() => taker.lines.length >= 2)
    await source[Symbol.asyncDispose]()
    expect(taker.lines.map(rig.textOf)).toEqual(['a', 'b'])
  })

  it('waits for the end of a line, and across a restart begins with its beginning', async () => {
    await using rig = await makeRig()
    await writeFile(rig.path, 'whole\npart')
    const first = await reading(rig, null, 1)
    expect(first.texts).toEqual(['whole'])
    await appendFile(rig.path, 'ial\n')
    expect((await reading(rig, first.cursor, 1)).texts).toEqual(['partial'])
  })

  it('reads a renamed file to its end and then the new one', async () => {
    await using rig = await makeRig()
    await rig.write(['a'])
    const { texts } = await reading(rig, null, 5, async () => {
      await rename(rig.path, `${rig.path}.1`)
      await appendFile(`${rig.path}.1`, 'b\nc without an end')
      await rig.write(['d', 'e'])
    })
    expect(texts).toEqual(['a', 'b', 'c without an end', 'd', 'e'])
  })

  it('stays with the renamed file as long as the new one is empty', async () => {
    await using rig = await makeRig()
    await rig.write(['a'])
    const { texts } = await reading(rig, null, 3, async () => {
      await rename(rig.path, `${rig.path}.1`)
      await writeFile(rig.path, '')
      await appendFile(`${rig.path}.1`, 'b\n')
      await appendFile(rig.path, 'c\n')
    })
    expect(texts).toEqual(['a', 'b', 'c'])
  })

  it('follows copying and truncating', async () => {
    await using rig = await makeRig()
    await rig.write(['a long first line', 'b'])
    const taker = new Taker()
    const source = rig.make()
    await source.start(null, taker.deliver)
    await taker.until(() => taker.lines.length >= 2)
    await copyFile(rig.path, `${rig.path}.1`)
    await truncate(rig.path, 0)
    await rig.write(['c'])
    await taker.until(() => taker.lines.length >= 3)
    await source[Symbol.asyncDispose]()
    expect(taker.lines.map(rig.textOf)).toEqual(['a long first line', 'b', 'c'])
  })

  it('notices a file written anew beyond the old place by its beginning', async () => {
    await using rig = await makeRig()
    await rig.write(['a'])
    const first = await reading(rig, null, 1)
    await writeFile(rig.path, 'something quite different\nand longer\n')
    expect((await reading(rig, first.cursor, 2)).texts).toEqual(['something quite different', 'and longer'])
  })

  describe('rotated while nobody was reading', () => {
    it('by renaming: the rest of the old file, then the new one', async () => {
      await using rig = await makeRig()
      await rig.write(['a', 'b'])
      const first = await reading(rig, null, 2)
      await rig.write(['c'])
      await rename(rig.path, `${rig.path}.1`)
      await rig.write(['d'])
      expect((await reading(rig, first.cursor, 2)).texts).toEqual(['c', 'd'])
    })

    it('twice: the files between are read as well', async () => {
      await using rig = await makeRig()
      await rig.write(['a'])
      const first = await reading(rig, null, 1)
      await rig.write(['b'])
      await rename(rig.path, `${rig.path}.1`)
      await rig.write(['c'])
      await rename(`${rig.path}.1`, `${rig.path}.2`)
      await rename(rig.path, `${rig.path}.1`)
      await rig.write(['d'])
      expect((await reading(rig, first.cursor, 3)).texts).toEqual(['b', 'c', 'd'])
    })

    it('by copying and truncating: the rest of the copy, then the file', async () => {
      await using rig = await makeRig()
      await rig.write(['a', 'b'])
      const first = await reading(rig, null, 2)
      await rig.write(['c'])
      await copyFile(rig.path, `${rig.path}.1`)
      await truncate(rig.path, 0)
      await rig.write(['d'])
      expect((await reading(rig, first.cursor, 2)).texts).toEqual(['c', 'd'])
    })

    it('and gone: the new file from its beginning', async () => {
      await using rig = await makeRig()
      await rig.write(['a', 'b'])
      const first = await reading(rig, null, 2)
      await rename(rig.path, `${rig.path}.1.gz`)
      await rig.write(['c'])
      expect((await reading(rig, first.cursor, 1)).texts).toEqual(['c'])
    })

    it('before anything was read of it', async () => {
      await using rig = await makeRig()
      await writeFile(rig.path, '')
      const taker = new Taker()
      const source = rig.make('end')
      await source.start(null, taker.deliver)
      await source[Symbol.asyncDispose]()
      await rig.write(['a'])
      await rename(rig.path, `${rig.path}.1`)
      await rig.write(['b'])
      expect((await reading(rig, taker.cursor, 2)).texts).toEqual(['a', 'b'])
    })
  })

  it.each(['beginning', 'end'] as const)(
    'reports what is not a file as lost, and says why (from the %s)',
    async (first) => {
      await using rig = await makeRig()
      for (const make of [() => mkdir(rig.path), () => execFileSync('mkfifo', [rig.path])]) {
        await make()
        const source = rig.make(first)
        await source.start(null, async () => {})
        await source[Symbol.asyncDispose]()
        expect(source.status()).toEqual({ state: 'lost', reason: `${rig.path}: is not a regular file` })
        await rm(rig.path, { recursive: true })
      }
    },
  )

  it('delivers again what was refused', async () => {
    await using rig = await makeRig()
    await rig.write(['a'])
    const source = rig.make()
    const taker = new Taker()
    let refused = false
    await source.start(null, async (batch) => {
      if (!refused) {
        refused = true
        throw new Error('the disk is full')
      }
      await taker.deliver(batch)
    })
    await taker.until(() => taker.lines.length >= 1)
    await source[Symbol.asyncDispose]()
    expect(taker.lines.map(rig.textOf)).toEqual(['a'])
  })
})

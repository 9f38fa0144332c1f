import type { Batch } from '@warder/agent'
import type { LogLine } from '@warder/core'
import { describe, expect, it } from 'vitest'
import { sourceConforms, type SourceRig } from '../../agent/src/source/conformance.ts'
import { simulatedSources, type NodeLogs } from './log-source.ts'
import { NodeLog } from './node-log.ts'

const line = (text: string, unit = 'ssh.service'): LogLine => ({
  source: 'journal',
  text,
  readAt: 0,
  fields: { _SYSTEMD_UNIT: unit },
})
const SSH = [[[['_SYSTEMD_UNIT', 'ssh.service'] as const]]]

function machine(run = 'first'): NodeLogs {
  return { run, journal: new NodeLog(), files: new Map(), lost: new Map([['/lost', 'permission denied']]) }
}

/** Collects batches, and resolves when so many lines have come. */
function collector(count: number) {
  const batches: Batch[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const deliver = async (batch: Batch): Promise<void> => {
    batches.push(batch)
    if (batches.flatMap(({ lines }) => [...lines]).length >= count) resolve()
  }
  return {
    deliver,
    done: promise,
    texts: () => batches.flatMap(({ lines }) => Array.from(lines, ({ text }) => text)),
    batches,
  }
}

function rig(source: 'journal' | '/var/log/x.log'): SourceRig {
  const logs = { ...machine(), files: new Map([['/var/log/x.log', new NodeLog()]]) }
  const log = logs.files.get(source) ?? logs.journal
  return {
    write: async (texts) => log.append(texts.map((text) => ({ ...line(text), source }))),
    make: () => {
      const sources = simulatedSources(logs)
      return source === 'journal' ? sources.journal(SSH) : sources.file(source, 'end')
    },
    textOf: ({ text }) => text,
    [Symbol.asyncDispose]: async () => {},
  }
}

describe.each(['journal', '/var/log/x.log'] as const)(
  'a simulated %s keeps the promises of a source',
  (source) => {
    sourceConforms(async () => rig(source))
  },
)

describe('a simulated journal', () => {
  it('delivers what was there and what comes, but only what was asked for', async () => {
    const logs = machine()
    logs.journal.append([line('a'), line('other', 'cron.service')])
    const seen = collector(2)
    await using source = simulatedSources(logs).journal(SSH)
    await source.start(null, seen.deliver)
    logs.journal.append([line('b')])
    await seen.done
    expect(seen.texts()).toEqual(['a', 'b'])
    expect(source.status()).toEqual({ state: 'reading' })
  })

  it('begins anew with a cursor of another run', async () => {
    const logs = machine('second')
    logs.journal.append([line('a')])
    const seen = collector(1)
    await using source = simulatedSources(logs).journal(SSH)
    await source.start('first:9000', seen.deliver)
    await seen.done
    expect(seen.texts()).toEqual(['a'])
  })

  it('reads no further until a batch is taken, and in bounded batches', async () => {
    const logs = machine()
    logs.journal.append(Array.from({ length: 1_200 }, (_, i) => line(String(i))))
    const sizes: number[] = []
    const gates = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
    ]
    const arrived = gates.map(() => Promise.withResolvers<void>())
    await using source = simulatedSources(logs).journal(SSH)
    await source.start(null, async ({ lines }) => {
      const i = sizes.push([...lines].length) - 1
      arrived[i]?.resolve()
      await gates[i]?.promise
    })
    for (const [i, gate] of gates.entries()) {
      await arrived[i]?.promise
      expect(sizes.length).toBe(i + 1)
      gate.resolve()
    }
    expect(sizes).toEqual([500, 500, 200])
  })

  it('is lost when a batch is refused', async () => {
    const logs = machine()
    logs.journal.append([line('a')])
    const source = simulatedSources(logs).journal(SSH)
    await source.start(null, async () => {
      throw new Error('the disk is full')
    })
    await source[Symbol.asyncDispose]()
    expect(source.status()).toEqual({ state: 'lost', reason: 'the disk is full' })
  })
})

describe('simulated files', () => {
  it('says why one is lost, and waits for one that is not there', async () => {
    const sources = simulatedSources(machine())
    expect(sources.file('/lost', 'end').status()).toEqual({ state: 'lost', reason: 'permission denied' })
    expect(sources.file('/none', 'end').status().state).toBe('waiting')
    expect(await sources.find('/lost')).toEqual(['/lost'])
    expect(await sources.find('/var/*.log')).toEqual([])
  })
})

describe('NodeLog', () => {
  it('forgets the oldest lines and keeps the numbers', () => {
    const log = new NodeLog()
    for (let i = 0; i < 80; i++)
      log.append(Array.from({ length: 1_000 }, (_, k) => line(String(i * 1_000 + k))))
    const { lines, last } = log.after(0, 1)
    expect(Number(lines[0]?.text)).toBeGreaterThanOrEqual(80_000 - 62_501)
    expect(Number(lines[0]?.text)).toBe(last - 1)
    expect(log.after(79_999, 5)).toMatchObject({ last: 80_000 })
    expect(log.after(80_000, 5)).toEqual({ lines: [], last: 80_000 })
  })
})

describe('the end of a simulated log', () => {
  it('can be looked at, what was there before anybody followed it included', async () => {
    const journal = new NodeLog()
    const file = new NodeLog()
    const of = (identifier: string, text: string): LogLine => ({
      source: 'journal',
      text,
      readAt: 0,
      fields: { SYSLOG_IDENTIFIER: identifier },
    })
    journal.begin([of('door', 'a'), of('shop', 'b')])
    journal.append([of('door', 'c'), of('shop', 'd'), of('door', 'e')])
    const sources = simulatedSources({
      run: '1',
      journal,
      files: new Map([['/log', file]]),
      lost: new Map([['/lost', 'permission denied']]),
    })
    const texts = async (source: string, limit: number, names: readonly string[] = []) =>
      (
        await sources.last({ source, limit, matches: names.map((name) => [[['SYSLOG_IDENTIFIER', name]]]) })
      ).map(({ text }) => text)
    expect(await texts('journal', 3, ['door'])).toEqual(['a', 'c', 'e'])
    expect(await texts('journal', 2, ['door', 'shop'])).toEqual(['d', 'e'])
    expect(await texts('/log', 2)).toEqual([])
    await expect(texts('/lost', 2)).rejects.toThrow('/lost: permission denied')
    await expect(texts('/nowhere', 2)).rejects.toThrow('/nowhere: it does not exist')
  })
})

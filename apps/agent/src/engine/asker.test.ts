import type { Reply, Failure, Inquiry } from '@warder/core'
import { makeLogger, ManualClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { Asker } from './asker.ts'
import type { Exit } from './run-program.ts'

const FAILURE: Failure = { jail: 'sshd', ip: '192.0.2.1', at: 0, line: 'x' }

interface World {
  readonly lookUp?: (name: string) => Promise<readonly string[]>
  readonly run?: (argv: readonly string[]) => Promise<Exit>
}

/** How many replies came together, each time. */
const told: number[] = []

/** The first `count` replies to inquiries, in the order in which they come. */
async function repliesTo(
  inquiries: readonly Inquiry[],
  { lookUp = async () => [], run = async () => ({ code: 1, reason: '' }) }: World,
  count = inquiries.length,
): Promise<readonly Reply[]> {
  const replies: Reply[] = []
  told.length = 0
  const { promise, resolve } = Promise.withResolvers<readonly Reply[]>()
  const asker = new Asker({
    clock: new ManualClock(0),
    log: makeLogger({ name: 'test', level: 'silent', form: 'json' }),
    lookUp,
    run,
    onReplies: async (replied) => {
      told.push(replied.length)
      replies.push(...replied.map(({ reply }) => reply))
      if (replies.length === count) resolve(replies)
    },
  })
  for (const inquiry of inquiries) asker.ask({ kind: 'ask', inquiry, failure: FAILURE })
  return promise
}

const command = (...argv: string[]): Inquiry => ({ kind: 'ignored', argv })

describe('Asker', () => {
  it.each<[string, Exit, boolean]>([
    ['0 ignores', { code: 0, reason: '' }, true],
    ['1 counts', { code: 1, reason: '' }, false],
    ['any other counts', { code: 2, reason: 'exit code 2' }, false],
    ['what never ended counts', { code: null, reason: 'it took too long' }, false],
  ])('of an ignorecommand: %s', async (_, exit, isIgnored) => {
    expect(await repliesTo([command('/x', 'a b')], { run: async () => exit })).toEqual([
      { kind: 'ignored', isIgnored },
    ])
  })

  it('hands arguments over as they are, and runs once for all who ask the same meanwhile', async () => {
    const ran: (readonly string[])[] = []
    const run = async (argv: readonly string[]): Promise<Exit> => {
      ran.push(argv)
      return { code: 0, reason: '' }
    }
    await repliesTo([command('/x', 'a"b c', '$(id)'), command('/x', 'a"b c', '$(id)')], { run })
    expect(ran).toEqual([['/x', 'a"b c', '$(id)']])
  })

  it('has failures count where commands do not keep up', async () => {
    const inquiries = Array.from({ length: 1_006 }, (_, index) => command('/x', `${index}`))
    const never = new Promise<Exit>(() => {})
    const replies = await repliesTo(inquiries, { run: () => never }, 2)
    expect(replies).toEqual([
      { kind: 'ignored', isIgnored: false },
      { kind: 'ignored', isIgnored: false },
    ])
  })

  it('tells together what is found out in one moment, and asks no more while too many failures wait', async () => {
    const { promise: exit, resolve: end } = Promise.withResolvers<Exit>()
    const inquiries = Array.from({ length: 5_002 }, () => command('/x'))
    const replies = repliesTo(inquiries, { run: () => exit })
    await Promise.resolve()
    end({ code: 0, reason: '' })
    const ignored = (await replies).filter((each) => each.kind === 'ignored' && each.isIgnored)
    expect(ignored).toHaveLength(5_000)
    expect(told).toEqual([2, 5_000])
  })

  it('looks names up', async () => {
    const lookUp = async (name: string): Promise<readonly string[]> =>
      name === 'a.example' ? ['192.0.2.7'] : []
    const inquiries = ['a.example', 'b.example'].map((name): Inquiry => ({ kind: 'addresses', name }))
    expect(await repliesTo(inquiries, { lookUp })).toEqual([
      { kind: 'addresses', addresses: ['192.0.2.7'] },
      { kind: 'addresses', addresses: [] },
    ])
  })
})

import { systemClock } from '@warder/daemon'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sourceConforms, Taker, type SourceRig } from './conformance.ts'
import { DROPPED_MESSAGE_ID } from './journal-arguments.ts'
import { parseJournalCursor } from './journal-cursor.ts'
import { JournalSource } from './journal.ts'
import { Journald, whyNoJournald } from './journald.ts'
import type { Source } from './source.ts'

const trouble = whyNoJournald()
const match = (identifier: string) => [[['SYSLOG_IDENTIFIER', identifier]] as const]
const messageOf = (text: string) => text.slice(text.indexOf(']: ') + 3)

describe.skipIf(trouble)(`the journal as a source${trouble ? ` (${trouble})` : ''}`, () => {
  let journald: Journald
  let turn = 0

  beforeAll(async () => {
    journald = await Journald.start()
  })
  afterAll(() => journald[Symbol.asyncDispose]())

  /** Every test has an identifier of its own in the same journal. */
  async function makeRig(): Promise<SourceRig & { identifier: string }> {
    const identifier = `test${++turn}`
    return {
      identifier,
      write: async (lines) => journald.log(identifier, lines),
      make: () =>
        new JournalSource({ matches: [match(identifier)], clock: systemClock, command: journald.journalctl }),
      textOf: (line) => messageOf(line.text),
      async [Symbol.asyncDispose]() {},
    }
  }

  sourceConforms(makeRig)

  async function read(source: Source, cursor: string | null, count: number) {
    const taker = new Taker()
    await source.start(cursor, taker.deliver)
    await taker.until(() => taker.lines.length >= count)
    await source[Symbol.asyncDispose]()
    return taker
  }

  it('gives lines with what journald vouches for, and when they were written', async () => {
    await using rig = await makeRig()
    const before = Date.now()
    journald.entry({ MESSAGE: 'hello', SYSLOG_IDENTIFIER: rig.identifier, PRIORITY: '3' })
    const { lines } = await read(rig.make(), null, 1)
    const [line] = lines
    expect(line?.source).toBe('journal')
    expect(line?.text).toMatch(new RegExp(String.raw`^\S+ ${rig.identifier}\[\d+\]: hello$`))
    expect(line?.fields).toMatchObject({ SYSLOG_IDENTIFIER: rig.identifier, _UID: '0', PRIORITY: '3' })
    expect(line?.writtenAt).toBeGreaterThanOrEqual(before)
  })

  it('keeps long messages, and those that are not text', async () => {
    await using rig = await makeRig()
    journald.log(rig.identifier, ['x'.repeat(6_000), 'caf\u{e9} \u{1b}[31mred', 'end'])
    const { lines } = await read(rig.make(), null, 3)
    expect(rig.textOf(lines[0] ?? { source: '', text: '', readAt: 0 }).length).toBe(6_000)
    expect(lines[1]?.text).toContain('caf\u{e9}')
  })

  it('reads only what a match asks for', async () => {
    await using rig = await makeRig()
    await using other = await makeRig()
    await other.write(['not this'])
    await rig.write(['this'])
    const { lines } = await read(rig.make(), null, 1)
    expect(lines.map(rig.textOf)).toEqual(['this'])
  })

  it('goes on by time when journald does not know the cursor any more', async () => {
    await using rig = await makeRig()
    await rig.write(['read before'])
    const first = await read(rig.make(), null, 1)
    const realtime = parseJournalCursor(first.cursor ?? '')?.realtime
    await rig.write(['new'])
    const second = await read(rig.make(), `j1 ${realtime} not-a-cursor`, 1)
    expect(second.lines.map(rig.textOf)).toEqual(['new'])
  })

  it('goes on over a rotation of the journal', async () => {
    await using rig = await makeRig()
    await rig.write(['a'])
    const taker = new Taker()
    const source = rig.make()
    await source.start(null, taker.deliver)
    await taker.until(() => taker.lines.length >= 1)
    journald.run(['journalctl', '--rotate'])
    await rig.write(['b'])
    await taker.until(() => taker.lines.length >= 2)
    await source[Symbol.asyncDispose]()
    expect(taker.lines.map(rig.textOf)).toEqual(['a', 'b'])
  })

  it('says that journald dropped messages, since nobody could detect anything then', async () => {
    await using rig = await makeRig()
    const source = rig.make()
    const taker = new Taker()
    await source.start(null, taker.deliver)
    journald.entry({
      MESSAGE: 'Suppressed 12 messages from ssh.service',
      MESSAGE_ID: DROPPED_MESSAGE_ID,
      SYSLOG_IDENTIFIER: 'systemd-journald',
    })
    await taker.until(() => taker.cursor !== null)
    expect(source.status()).toEqual({
      state: 'reading',
      reason: 'journald dropped messages: Suppressed 12 messages from ssh.service',
    })
    await source[Symbol.asyncDispose]()
    expect(taker.lines).toEqual([])
  })

  it('delivers again what was refused, once', async () => {
    await using rig = await makeRig()
    await rig.write(['a', 'b'])
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
    await taker.until(() => taker.lines.length >= 2)
    await source[Symbol.asyncDispose]()
    expect(taker.lines.map(rig.textOf)).toEqual(['a', 'b'])
  })
})

describe('the journal where journalctl cannot be run', () => {
  it('is lost, and says why', async () => {
    const source = new JournalSource({ matches: [], clock: systemClock, command: ['/nowhere/journalctl'] })
    await source.start(null, async () => {})
    await expect.poll(() => source.status().state).toBe('lost')
    expect(source.status().reason).toMatch(/^journalctl cannot be run/)
    await source[Symbol.asyncDispose]()
  })
})

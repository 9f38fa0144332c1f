import type { Answer, Failure, Question } from '@warder/core'
import { makeLogger, ManualClock } from '@warder/daemon'
import { describe, expect, it } from 'vitest'
import { Asker } from './asker.ts'
import type { Exit } from './run-program.ts'

const FAILURE: Failure = { jail: 'sshd', ip: '192.0.2.1', at: 0, line: 'x' }

interface World {
  readonly lookUp?: (name: string) => Promise<readonly string[]>
  readonly run?: (argv: readonly string[]) => Promise<Exit>
}

/** The first `count` answers to questions, in the order in which they come. */
async function answersTo(
  questions: readonly Question[],
  { lookUp = async () => [], run = async () => ({ code: 1, reason: '' }) }: World,
  count = questions.length,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  const { promise, resolve } = Promise.withResolvers<readonly Answer[]>()
  const asker = new Asker({
    clock: new ManualClock(0),
    log: makeLogger({ name: 'test', level: 'silent', form: 'json' }),
    lookUp,
    run,
    onAnswer: (failure, answer) => {
      expect(failure).toBe(FAILURE)
      answers.push(answer)
      if (answers.length === count) resolve(answers)
    },
  })
  for (const question of questions) asker.ask({ kind: 'ask', question, failure: FAILURE })
  return promise
}

const command = (...argv: string[]): Question => ({ kind: 'ignored', argv })

describe('Asker', () => {
  it.each<[string, Exit, boolean]>([
    ['0 ignores', { code: 0, reason: '' }, true],
    ['1 counts', { code: 1, reason: '' }, false],
    ['any other counts', { code: 2, reason: 'exit code 2' }, false],
    ['what never ended counts', { code: null, reason: 'it took too long' }, false],
  ])('of an ignorecommand: %s', async (_, exit, isIgnored) => {
    expect(await answersTo([command('/x', 'a b')], { run: async () => exit })).toEqual([
      { kind: 'ignored', isIgnored },
    ])
  })

  it('hands arguments over as they are, and runs once for all who ask the same meanwhile', async () => {
    const ran: (readonly string[])[] = []
    const run = async (argv: readonly string[]): Promise<Exit> => {
      ran.push(argv)
      return { code: 0, reason: '' }
    }
    await answersTo([command('/x', 'a"b c', '$(id)'), command('/x', 'a"b c', '$(id)')], { run })
    expect(ran).toEqual([['/x', 'a"b c', '$(id)']])
  })

  it('has failures count where commands do not keep up', async () => {
    const questions = Array.from({ length: 1_006 }, (_, index) => command('/x', `${index}`))
    const never = new Promise<Exit>(() => {})
    const answers = await answersTo(questions, { run: () => never }, 2)
    expect(answers).toEqual([
      { kind: 'ignored', isIgnored: false },
      { kind: 'ignored', isIgnored: false },
    ])
  })

  it('looks names up', async () => {
    const lookUp = async (name: string): Promise<readonly string[]> =>
      name === 'a.example' ? ['192.0.2.7'] : []
    const questions = ['a.example', 'b.example'].map((name): Question => ({ kind: 'addresses', name }))
    expect(await answersTo(questions, { lookUp })).toEqual([
      { kind: 'addresses', addresses: ['192.0.2.7'] },
      { kind: 'addresses', addresses: [] },
    ])
  })
})

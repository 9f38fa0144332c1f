import { describe, expect, it } from 'vitest'
import { banned } from '../lab/agent.ts'
import { NOON } from '../lab/server.ts'
import { wordsOf } from './words.ts'

describe('the words of an event', () => {
  it('takes a bounded part of a line', () => {
    const line = 'x'.repeat(2_000)
    const event = { ...banned('192.0.2.1', NOON) } as Extract<
      ReturnType<typeof banned>,
      { kind: 'ban.added' }
    >
    const ticket = { ...event.ban.ticket, lines: Array.from({ length: 20 }, () => line) }
    expect(wordsOf({ ...event, ban: { ...event.ban, ticket } as typeof event.ban })).toHaveLength(4_000)
    expect(wordsOf({ kind: 'settings.applied', revision: 1 })).toBeNull()
  })
})

import { CLOSE } from '@warder/protocol'
import { describe, expect, it } from 'vitest'
import { afterEnd, describeLink, linkUrl, type LinkState } from './link-state.ts'

const refused = (code: 'node-removed' | 'version-unserved' | 'key-unknown') => ({
  kind: 'refused' as const,
  code,
  message: `because ${code}`,
})

describe('what happens after the link ended', () => {
  it.each([
    [
      'cut',
      1006,
      null,
      null,
      { kind: 'dial', slowly: false, reason: 'the connection was closed (code 1006)' },
    ],
    ['no server there', 1006, null, 'ECONNREFUSED', { kind: 'dial', slowly: false, reason: 'ECONNREFUSED' }],
    [
      'refused with words',
      CLOSE.refused,
      refused('key-unknown'),
      null,
      { kind: 'stop', reason: 'because key-unknown' },
    ],
    ['refused without', CLOSE.refused, null, null, { kind: 'stop', reason: 'the server refused this node' }],
    [
      'refused, and cut before the code',
      1006,
      refused('node-removed'),
      null,
      { kind: 'stop', reason: 'because node-removed' },
    ],
    [
      'removed',
      CLOSE.revoked,
      null,
      null,
      { kind: 'stop', reason: 'an operator removed this node from the server' },
    ],
    [
      'replaced',
      CLOSE.replaced,
      null,
      null,
      { kind: 'stop', reason: 'another agent with the same identity took over the link' },
    ],
    [
      'another version',
      CLOSE.version,
      refused('version-unserved'),
      null,
      { kind: 'dial', slowly: true, reason: 'because version-unserved' },
    ],
    [
      'not understood',
      CLOSE.protocol,
      null,
      null,
      { kind: 'dial', slowly: true, reason: 'the server did not understand a message' },
    ],
  ] as const)('%s', (_, code, refusal, reason, after) => {
    expect(afterEnd({ code, refused: refusal, reason, isFinal: false })).toEqual(after)
  })

  it('stops for what only an operator can change', () => {
    const ending = { code: CLOSE.protocol, refused: null, reason: 'not enrolled', isFinal: true }
    expect(afterEnd(ending)).toEqual({ kind: 'stop', reason: 'not enrolled' })
  })
})

describe('the link in words', () => {
  const server = 'wss://warder.example'
  it.each<[LinkState, string]>([
    [{ kind: 'unset' }, 'no server is configured; this node works alone'],
    [{ kind: 'connecting', server }, 'connecting to wss://warder.example'],
    [{ kind: 'streaming', server, since: 40_000 }, 'connected to wss://warder.example for 1m'],
    [
      { kind: 'waiting', server, until: 130_000, reason: 'ECONNREFUSED' },
      'not connected to wss://warder.example: ECONNREFUSED; next try in 30s',
    ],
    [{ kind: 'stopped', server, reason: 'removed' }, 'stopped: removed'],
  ])('%j', (state, words) => {
    expect(describeLink(state, 100_000)).toBe(words)
  })
})

describe('the address to dial', () => {
  it.each([
    ['wss://warder.example:8008', 'wss://warder.example:8008/api/v1/link'],
    ['https://warder.example', 'wss://warder.example/api/v1/link'],
    ['http://192.0.2.1:8008/', 'ws://192.0.2.1:8008/api/v1/link'],
    ['ws://[2001:db8::1]:8008', 'ws://[2001:db8::1]:8008/api/v1/link'],
  ])('%s → %s', (server, url) => {
    expect(linkUrl(server, '/api/v1/link').href).toBe(url)
  })
})

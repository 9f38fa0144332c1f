import { channelBody, type ChannelView } from '@warder/protocol/api'
import { describe, expect, it } from 'vitest'
import { asBody, bodyOf, draftOf, KIND_NAMES, missingOf } from './fields.ts'

const FILLED: Readonly<Record<string, Record<string, string>>> = {
  ntfy: { topic: 'warder', token: 'tk_1' },
  gotify: { server: 'https://g.example', token: 'A' },
  telegram: { token: '123456:ABCDEFGHIJK', chat: '-100' },
  email: { host: 'mail.example', from: 'a@b.example', to: 'c@d.example; e@f.example', password: 'x' },
  discord: { url: 'https://discord.example/x' },
  slack: { url: 'https://slack.example/x' },
  matrix: { server: 'https://m.example', room: '!a:b', token: 'x' },
  webhook: { url: 'https://x.example' },
}

describe('the fields of a channel', () => {
  it.each(KIND_NAMES)('of kind %s are what the API takes', (kind) => {
    const draft = { ...draftOf(kind, null), ...FILLED[kind] }
    expect(missingOf(kind, draft, [])).toEqual([])
    const body = bodyOf(kind, { name: 'x', enabled: true }, draft)
    expect(channelBody.safeParse(body).error?.issues).toBeUndefined()
  })
  it('say what is missing, but for a secret that is kept', () => {
    expect(missingOf('gotify', draftOf('gotify', null), [])).toEqual(['Server', 'Application token'])
    expect(missingOf('gotify', { server: 'https://g' }, ['token'])).toEqual([])
  })
  it('leave secrets as they are when a channel is turned off', () => {
    const channel: ChannelView = {
      id: 1,
      kind: 'email',
      name: 'mail',
      enabled: true,
      settings: { host: 'h', port: 25, security: 'none', user: '', from: 'a@b', to: ['c@d', 'e@f'] },
      secrets: ['password'],
      goesTo: '',
      last: null,
    }
    expect(asBody(channel, false)).toEqual({
      kind: 'email',
      name: 'mail',
      enabled: false,
      settings: channel.settings,
      secrets: {},
    })
  })
})

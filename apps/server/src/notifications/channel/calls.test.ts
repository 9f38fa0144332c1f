import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Notification } from '../notification.ts'
import { outcomeOf } from './answer.ts'
import type { Call, Occasion } from './call.ts'
import { discordCall } from './discord.ts'
import { gotifyCall } from './gotify.ts'
import { channelOf, goesTo, lacking, samePlace } from './kinds.ts'
import { letterOf, mailOutcome } from './mail.ts'
import { matrixCall } from './matrix.ts'
import { ntfyCall } from './ntfy.ts'
import { slackCall } from './slack.ts'
import { telegramCall } from './telegram.ts'
import { webhookCall } from './webhook.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const notification: Notification = {
  topic: 'ban',
  severity: 'warning',
  title: 'sshd banned <192.0.2.1> & @everyone *now*',
  text: 'First line.\nSecond line.',
  count: 3,
  from: NOON - 60_000,
  until: NOON,
  nodes: ['pve1'],
  jails: ['sshd'],
  addresses: ['192.0.2.1'],
}
const occasion: Occasion = { notification, id: 'abc-1', now: NOON }
const bodyOf = (call: Call): unknown => JSON.parse(call.body)

describe('a notification becomes a request', () => {
  it.each([
    [
      'ntfy with a token',
      ntfyCall(
        { settings: { server: 'https://ntfy.example/sub', topic: 'top' }, secrets: { token: 'tk_1' } },
        occasion,
      ),
      ['POST', 'https://ntfy.example/sub/', { authorization: 'Bearer tk_1' }],
      {
        topic: 'top',
        title: notification.title,
        message: notification.text,
        priority: 4,
        tags: ['warning'],
      },
    ],
    [
      'Gotify',
      gotifyCall({ settings: { server: 'https://gotify.example' }, secrets: { token: 'A1' } }, occasion),
      ['POST', 'https://gotify.example/message', { 'x-gotify-key': 'A1' }],
      { title: notification.title, message: notification.text, priority: 6 },
    ],
    [
      'Telegram',
      telegramCall(
        { settings: { server: 'https://api.telegram.org', chat: '-100123' }, secrets: { token: '1:x' } },
        occasion,
      ),
      ['POST', 'https://api.telegram.org/bot1:x/sendMessage', {}],
      {
        chat_id: '-100123',
        text: `${notification.title}\n${notification.text}`,
        link_preview_options: { is_disabled: true },
        disable_notification: false,
      },
    ],
    [
      'Discord, where nothing in it means anything',
      discordCall({ settings: {}, secrets: { url: 'https://discord.example/api/webhooks/1/x' } }, occasion),
      ['POST', 'https://discord.example/api/webhooks/1/x', {}],
      {
        username: 'Warder',
        allowed_mentions: { parse: [] },
        embeds: [
          {
            title: 'sshd banned \\<192.0.2.1\\> & \\@everyone \\*now\\*',
            description: notification.text,
            color: 0xd9a514,
            timestamp: '2026-11-20T12:00:00.000Z',
          },
        ],
      },
    ],
    [
      'Slack, where nothing in it means anything',
      slackCall({ settings: {}, secrets: { url: 'https://hooks.slack.example/services/T/B/x' } }, occasion),
      ['POST', 'https://hooks.slack.example/services/T/B/x', {}],
      {
        text: `:warning: sshd banned &lt;192.0.2.1&gt; &amp; @everyone *now*\n${notification.text}`,
        mrkdwn: false,
        unfurl_links: false,
        unfurl_media: false,
      },
    ],
    [
      'Matrix, with the id of the delivery',
      matrixCall(
        { settings: { server: 'https://matrix.example', room: '!a/b:x' }, secrets: { token: 'syt' } },
        occasion,
      ),
      [
        'PUT',
        'https://matrix.example/_matrix/client/v3/rooms/!a%2Fb%3Ax/send/m.room.message/abc-1',
        { authorization: 'Bearer syt' },
      ],
      { msgtype: 'm.text', body: `${notification.title}\n${notification.text}` },
    ],
    [
      'a webhook without a secret',
      webhookCall({ settings: {}, secrets: { url: 'https://x.example/y?z=1' } }, occasion),
      ['POST', 'https://x.example/y?z=1', {}],
      { version: 1, id: 'abc-1', at: NOON, ...notification },
    ],
  ] as const)('%s', (_name, call, [method, url, headers], body) => {
    expect({ ...call, body: bodyOf(call) }).toEqual({
      method,
      url,
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
  })

  it('signed with the secret of a webhook', () => {
    const { headers, body } = webhookCall(
      { settings: {}, secrets: { url: 'https://x.example/', secret: 'top-secret' } },
      occasion,
    )
    const seconds = NOON / 1000
    const hash = createHmac('sha256', 'top-secret').update(`${seconds}.${body}`).digest('hex')
    expect(headers).toMatchObject({ 'x-warder-signature': `t=${seconds},v1=${hash}` })
  })

  it('or a letter of plain text whose subject is one line', () => {
    const settings = {
      host: 'mail.example',
      port: 587,
      security: 'starttls',
      user: '',
      from: 'warder@example.org',
      to: ['ada@example.org'],
    } as const
    const hostile = { ...notification, title: 'a\r\nBcc: eve@example.org' }
    expect(letterOf({ settings, secrets: {} }, { ...occasion, notification: hostile })).toMatchObject({
      from: { name: 'Warder', address: 'warder@example.org' },
      subject: '[warning] a Bcc: eve@example.org',
      messageId: '<abc-1@example.org>',
      headers: { 'auto-submitted': 'auto-generated' },
    })
  })
})

describe('an answer', () => {
  const answer = (status: number, body = '', headers = {}) => ({ status, headers, body })
  it.each([
    ['ntfy', answer(200), { ok: true }],
    [
      'ntfy',
      answer(401, '{"code":40101,"error":"unauthorized"}'),
      {
        final: true,
        message: 'h does not let Warder in (401): “unauthorized”.',
        remedy: expect.stringContaining('access token'),
      },
    ],
    [
      'gotify',
      answer(403, '{"error":"Forbidden","errorDescription":"you need to be an app"}'),
      {
        final: true,
        message: expect.stringContaining('you need to be an app'),
        remedy: expect.stringContaining('application token'),
      },
    ],
    [
      'telegram',
      answer(400, '{"ok":false,"description":"Bad Request: chat not found"}'),
      { final: true, message: expect.stringContaining('chat not found') },
    ],
    ['telegram', answer(429, '{"parameters":{"retry_after":7}}'), { final: false, waitMs: 7_000 }],
    ['discord', answer(429, '{"retry_after":0.5}', { 'retry-after': '2' }), { final: false, waitMs: 2_000 }],
    [
      'discord',
      answer(404, '{"message":"Unknown Webhook"}'),
      { final: true, message: 'h knows no such place (404): “Unknown Webhook”.' },
    ],
    [
      'slack',
      answer(403, 'invalid_token'),
      { final: true, message: 'h does not let Warder in (403): “invalid token”.' },
    ],
    ['matrix', answer(429, '{"retry_after_ms":1500}'), { final: false, waitMs: 1_500 }],
    [
      'matrix',
      answer(502, '<html>secret inside</html>'),
      { final: false, message: 'h has trouble of its own (502).' },
    ],
    [
      'webhook',
      answer(500, '{"message":"stays unread"}'),
      { final: false, message: 'h has trouble of its own (500).' },
    ],
  ] as const)('of %s, %j', (kind, given, outcome) => {
    expect(outcomeOf(kind, 'h', given)).toMatchObject(outcome)
  })

  it.each([
    [
      { code: 'EAUTH', responseCode: 535, response: '535 5.7.8 no' },
      true,
      /does not accept user and password: “535 5.7.8 no”/,
    ],
    [{ code: 'EENVELOPE', responseCode: 450, response: '450 later' }, false, /did not take the mail/],
    [{ code: 'EENVELOPE', responseCode: 550, response: '550 no such user' }, true, /did not take the mail/],
    [{ code: 'ETIMEDOUT' }, false, /did not answer in time/],
    [{ code: 'ESOCKET', message: 'connect ECONNREFUSED 127.0.0.1:1' }, false, /refused the connection/],
    [{ code: 'ESOCKET', message: 'wrong version number' }, false, /does not speak TLS there/],
  ])('of a mail server, %j', (err, final, message) => {
    expect(
      mailOutcome('mail.example', Object.assign(new Error('message' in err ? err.message : ''), err)),
    ).toMatchObject({
      ok: false,
      final,
      message: expect.stringMatching(message),
    })
  })
})

describe('a channel', () => {
  const mail = { host: 'a.example', port: 25, security: 'none', user: '', from: 'a@b', to: ['c@d', 'e@f'] }
  it.each([
    ['email', mail, {}, 'c@d, e@f'],
    ['webhook', {}, { url: 'https://x.example/secret' }, 'x.example'],
    ['ntfy', { topic: 't' }, {}, 't on ntfy.sh'],
    ['gotify', { server: 'https://g.example/' }, { token: 'x' }, 'g.example'],
    ['telegram', { chat: '@channel' }, { token: '123456:ABCDEFGHIJK' }, 'chat @channel'],
    ['discord', {}, { url: 'https://discord.example/api/webhooks/1/x' }, 'discord.example'],
    ['slack', {}, { url: 'https://hooks.slack.example/x' }, 'hooks.slack.example'],
    ['matrix', { server: 'https://m.example', room: '!a:b' }, { token: 'x' }, '!a:b'],
  ] as const)('of kind %s says where it goes to', (kind, settings, secrets, where) => {
    const channel = channelOf(kind, settings, secrets)
    expect(channel === null ? null : goesTo(channel)).toBe(where)
    expect(lacking(kind, secrets)).toEqual([])
  })
  it.each([
    ['webhook', {}, { url: 'ftp://x' }],
    ['webhook', {}, { url: 'https://ada:pw@x.example' }],
    ['ntfy', { topic: 'a/b' }, {}],
    ['gotify', { server: 'https://g.example/?a=b' }, {}],
    ['gotify', { server: 'https://g.example' }, { token: 'a\nb' }],
    ['telegram', { chat: 'x' }, {}],
    ['matrix', { server: 'https://m.example', room: '#alias:x' }, {}],
    ['email', { ...mail, to: ['a@b\r\nBcc: x@y'] }, {}],
    ['email', { ...mail, host: 'a b' }, {}],
  ] as const)('of kind %s with %j, %j is refused', (kind, settings, secrets) => {
    expect(channelOf(kind, settings, secrets)).toBeNull()
  })
  it('keeps secrets only where they go to the same place', () => {
    expect(samePlace('gotify', { server: 'https://a' }, { server: 'https://b' })).toBe(false)
    expect(samePlace('email', mail, { ...mail, to: ['x@y'] })).toBe(true)
    expect(samePlace('email', mail, { ...mail, host: 'other' })).toBe(false)
  })
})

import { PATHS } from '@warder/protocol/paths'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { banned, LabNode, report } from '../lab/agent.ts'
import { Ears } from '../lab/ear.ts'
import { NOON, startLab, type Lab } from '../lab/server.ts'

const ears = new Ears()
let lab: Lab
beforeEach(async () => {
  lab = await startLab({ config: { private_hosts: ['127.0.0.1'] } })
})
afterEach(async () => {
  await lab[Symbol.asyncDispose]()
  ears[Symbol.dispose]()
})

describe('mail', () => {
  const mail = (port: number, over = {}, password = 'right') => ({
    kind: 'email',
    name: 'mail',
    settings: {
      host: '127.0.0.1',
      port,
      security: 'none',
      user: 'warder',
      from: 'warder@example.org',
      to: ['ada@example.org', 'bob@example.org'],
      ...over,
    },
    secrets: { password },
  })

  it('is sent to everybody, and says in words what the server did not like', async () => {
    const server = await ears.mail()
    const { id } = (await lab.as('POST', PATHS.channels, mail(server.port))).body
    await lab.as('POST', PATHS.rules, { channels: [id] })
    const node = new LabNode('pve1')
    const { link } = await node.join(lab)
    await report(link, node.record(NOON, banned('192.0.2.1', NOON)))
    await expect.poll(() => server.letters.length).toBe(1)
    const [letter = ''] = server.letters
    expect(letter).toContain('Subject: sshd banned 192.0.2.1 on pve1 for 10m')
    expect(letter).toContain('From: Warder <warder@example.org>')
    expect(letter).toContain('5 failed logins within 60 seconds')
    expect(letter).toContain('Auto-Submitted: auto-generated')
    expect(server.recipients).toEqual(['ada@example.org', 'bob@example.org'])

    const test = async (body: unknown) => {
      expect(await lab.as('PUT', PATHS.channel(id), body)).toMatchObject({ status: 200 })
      return (await lab.as('POST', PATHS.channelTest(id))).body
    }
    expect(await test(mail(server.port))).toEqual({
      ok: true,
      message: 'The message was taken.',
      remedy: null,
    })
    expect(await test(mail(server.port, {}, 'wrong'))).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^127\.0\.0\.1 does not accept user and password: “535 /),
    })
    expect(await test(mail(server.port, { to: ['nobody@example.org'] }))).toMatchObject({
      message: expect.stringContaining('“550 No such user”'),
    })
    expect(await test(mail(server.port, { security: 'starttls' }))).toMatchObject({
      message: expect.stringContaining('offers no STARTTLS'),
    })
    expect(await test(mail(server.port, { security: 'tls' }))).toMatchObject({
      message: '127.0.0.1 does not speak TLS there.',
    })
    expect(await test(mail(1))).toMatchObject({ message: '127.0.0.1 refused the connection.' })
  })
})

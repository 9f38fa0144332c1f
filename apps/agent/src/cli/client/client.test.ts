import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AgentLab } from '../../lab.ts'
import { runClient } from './client.ts'

let lab: AgentLab
beforeAll(async () => {
  lab = await AgentLab.open()
  await lab.start()
})
afterAll(() => lab[Symbol.asyncDispose]())

async function client(words: readonly string[], isTerminal = false) {
  let [out, err] = ['', '']
  const around = { print: (text: string) => (out += text), complain: (text: string) => (err += text) }
  const code = await runClient(['-s', lab.socket, ...words], { ...around, environment: {}, isTerminal })
  return { code, out, err }
}

describe('commands of fail2ban-client', () => {
  it.each([
    ['set door maxretry 4', '4\n'],
    ['set door findtime 1h', '3600\n'],
    ['set door addignoreip 203.0.113.9', 'These IP addresses/networks are ignored:\n`- 203.0.113.9\n'],
    ['set door delignoreip 203.0.113.9', 'No IP address/network is ignored\n'],
  ])('say how long a change holds to a person, and nothing to a script: %s', async (line, out) => {
    expect(await client(line.split(' '))).toEqual({ code: 0, out, err: '' })
    if (line.includes('delignoreip')) await client(['set', 'door', 'addignoreip', '203.0.113.9'])
    const told = await client(line.split(' '), true)
    expect(told).toEqual({ code: 0, out, err: expect.stringContaining('until the agent restarts') })
  })

  it.each([
    ['set loglevel DEBUG', 'Warder has no loglevel'],
    ['get logtarget', 'Warder has no logtarget'],
    ['get door', 'Name a jail and what is asked of it'],
    ['set door logencoding utf-8', 'warder reload'],
    ['set door banip 127.0.0.1', '127.0.0.1 was not banned: it is loopback'],
    ['set door banip nobody', 'nobody is neither an address nor a subnet'],
  ])('that are not done are refused in words: %s', async (line, words) => {
    const { code, err } = await client(line.split(' '))
    expect({ code, err }).toEqual({ code: 255, err: expect.stringContaining(words) })
  })

  it('lift and make all bans that they can, whatever else is named', async () => {
    const ban = await client('set door banip 203.0.113.1 nobody 127.0.0.1 203.0.113.2 203.0.113.1'.split(' '))
    expect(ban).toMatchObject({ code: 255, out: '2\n' })
    expect(await lab.banned()).toEqual(['door 203.0.113.1', 'door 203.0.113.2'])
    const lift = await client('unban nobody 203.0.113.1 203.0.113.99 203.0.113.2'.split(' '))
    expect(lift).toEqual({ code: 0, out: '2\n', err: 'nobody is neither an address nor a subnet\n' })
    expect(await lab.banned()).toEqual([])
  })

  it('take a word out of a list of ignored ones however it was written', async () => {
    await client(['set', 'door', 'addignoreip', '203.0.113.7,203.0.113.8 2001:DB8::1', '203.0.113.130/25'])
    const { out } = await client(['set', 'door', 'delignoreip', '203.0.113.8', '2001:db8::1'])
    expect(out.split('\n').slice(1, -1)).toEqual(['|- 203.0.113.7', '`- 203.0.113.128/25'])
  })
})

import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { lookUpHost } from './look-up.ts'

const ANSWERS: Readonly<Record<string, readonly number[]>> = {
  'host.example 1': [192, 0, 2, 7],
  'host.example 28': [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9],
}

/** An answer of a name server, from its question: one address, or that there is no such name. */
function answerTo(question: Buffer): Buffer {
  const labels: string[] = []
  let at = 12
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  const type = question.readUInt16BE(at + 1)
  const address = ANSWERS[`${labels.join('.')} ${type}`]
  const head = Buffer.from(question.subarray(0, 12))
  head.writeUInt16BE(address === undefined ? 0x8183 : 0x8180, 2)
  head.writeUInt16BE(address === undefined ? 0 : 1, 6)
  head.writeUInt32BE(0, 8)
  const record =
    address === undefined ? [] : [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, address.length, ...address]
  return Buffer.concat([head, question.subarray(12, at + 5), Buffer.from(record)])
}

describe('lookUpHost', () => {
  it.each([
    ['host.example', ['192.0.2.7', '2001:db8::9']],
    ['nobody.example', []],
    ['no name at all', []],
  ])('%s: %j', async (name, addresses) => {
    const socket = createSocket('udp4')
    socket.on('message', (question, { port }) => socket.send(answerTo(question), port, '127.0.0.1'))
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const resolver = new Resolver({ timeout: 2_000, tries: 1 })
    resolver.setServers([`127.0.0.1:${socket.address().port}`])
    expect(await lookUpHost(name, resolver)).toEqual(addresses)
    socket.close()
  })
})

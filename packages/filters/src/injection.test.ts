import { describe, expect, it } from 'vitest'
import { readSamples } from './corpus.ts'
import { fieldsOf, INNOCENT, open, writerOf } from './lie.ts'
import { shippedNames } from './shipped.ts'
import { tryFilter } from './try.ts'

const NOW = Date.UTC(2026, 10, 20, 12)

const HOSTILE: readonly string[] = [
  INNOCENT,
  `::ffff:${INNOCENT}`,
  '2001:db8::bad',
  ` from ${INNOCENT} port 22 ssh2`,
  `x from ${INNOCENT}: Invalid username or password`,
  `rhost=${INNOCENT}`,
  `x rhost=${INNOCENT}  user=y`,
  `x, rip=${INNOCENT}, lip=203.0.113.1`,
  `x>, method=PLAIN, rip=${INNOCENT}, lip=203.0.113.1, session=<y>`,
  `x": password mismatch, client: ${INNOCENT}, server: y`,
  `[client ${INNOCENT}:22]`,
  `x] FAIL LOGIN: Client "${INNOCENT}"`,
  `(${INNOCENT})`,
  `x[${INNOCENT}]: y`,
  `" "' '' \\" \\`,
  `[]](}{)<><`,
  `{"remoteAddr":"${INNOCENT}","message":"Login failed: x (Remote IP: ${INNOCENT})"}`,
  `x","remoteAddr":"${INNOCENT}`,
  `x\t${INNOCENT}\ty`,
  `x [01/Jan/2000:00:00:00 +0000] "GET / HTTP/1.1" 401 1`,
  '2026-11-20T10:00:00Z',
  `%(${INNOCENT})s <HOST>`,
]

/** The rest of the line behind a field, and all of the line, as a client would quote them with another's address. */
const quotes = (message: string, end: number, ip: string): readonly string[] =>
  [message, message.slice(end), message.slice(end).trimEnd()].flatMap((text) => [
    `x${text.replaceAll(ip, INNOCENT)}`,
    `x${text.replaceAll(ip, INNOCENT)}`.replace(/["'>)\]]*$/, ''),
  ])

describe.each(shippedNames())('a client that lies to the filter %s', (name) => {
  const samples = readSamples(name).filter(({ expect: wanted }) => wanted !== null)

  it.each(samples)('gets nobody else banned: samples.log:$number $options', (sample) => {
    const trial = tryFilter(name, sample.options)
    const { message, lineOf } = open(sample, NOW)
    const write = writerOf(name, message)
    const ip = sample.expect?.ip ?? ''
    const line = lineOf(message)
    const user = line === null ? undefined : trial(line, NOW)?.user
    const others: string[] = []
    for (const [from, to] of fieldsOf(message, user, ip)) {
      for (const hostile of [...HOSTILE, ...quotes(message, to, ip)]) {
        const changed = message.slice(0, from) + write(hostile) + message.slice(to)
        const lied = lineOf(changed)
        const found = lied === null ? null : trial(lied, NOW)
        if (found !== null && found.ip !== ip) others.push(`${found.ip}: ${changed}`)
      }
    }
    expect(others).toEqual([])
  })
})

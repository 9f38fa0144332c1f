import { describe, expect, it } from 'vitest'
import { decodeField, journalLine } from './journal-entry.ts'
import { LINE_LIMIT } from './line.ts'
import { decodeUtf8 } from './utf8.ts'

declare class TextDecoder {
  decode(bytes: Uint8Array): string
}

const entry = {
  __CURSOR: 's=1',
  __REALTIME_TIMESTAMP: '1795166101108046',
  _TRANSPORT: 'syslog',
  _HOSTNAME: 'pve1',
  SYSLOG_IDENTIFIER: 'pvedaemon',
  PRIORITY: '3',
  _UID: '0',
  _PID: '2501',
  _COMM: 'pvedaemon worke',
  _SYSTEMD_UNIT: 'pvedaemon.service',
  MESSAGE: 'hello',
}

describe('journalLine', () => {
  it('makes one line of an entry and keeps what a journalmatch asks for', () => {
    const { __CURSOR, __REALTIME_TIMESTAMP, MESSAGE, ...fields } = entry
    void [__CURSOR, __REALTIME_TIMESTAMP, MESSAGE]
    expect(journalLine(entry, 5)).toEqual({
      source: 'journal',
      text: 'pve1 pvedaemon[2501]: hello',
      readAt: 5,
      writtenAt: 1795166101108,
      fields,
    })
  })

  it('keeps other fields too, since a journalmatch may name any', () => {
    const line = journalLine({ ...entry, CONTAINER_NAME: 'web', _EXE: '/usr/sbin/x', 'not a field': 'x' })
    expect(line?.fields).toMatchObject({ CONTAINER_NAME: 'web', _EXE: '/usr/sbin/x' })
    expect(Object.keys(line?.fields ?? {})).not.toContain('not a field')
    expect(Object.keys(line?.fields ?? {})).not.toContain('__CURSOR')
  })

  it.each([
    {
      title: 'keeps a message of several lines whole',
      change: { MESSAGE: 'a\nb\rc\r\n' },
      text: 'pve1 pvedaemon[2501]: a\\nb\rc',
    },
    { title: 'decodes bytes', change: { MESSAGE: [104, 195, 188] }, text: 'pve1 pvedaemon[2501]: hü' },
    {
      title: 'marks bytes that are no text',
      change: { MESSAGE: [97, 252, 98] },
      text: 'pve1 pvedaemon[2501]: a\uFFFDb',
    },
    {
      title: 'takes the first of repeated values',
      change: { MESSAGE: ['one', [116]] },
      text: 'pve1 pvedaemon[2501]: one',
    },
    { title: 'goes without a host', change: { _HOSTNAME: undefined }, text: 'pvedaemon[2501]: hello' },
    { title: 'goes without a pid', change: { _PID: undefined }, text: 'pve1 pvedaemon: hello' },
    {
      title: 'takes the pid that is passed on',
      change: { SYSLOG_PID: '77' },
      text: 'pve1 pvedaemon[77]: hello',
    },
    {
      title: 'lets nothing else stand where a pid belongs',
      change: { SYSLOG_PID: '7]: x' },
      text: 'pve1 pvedaemon[2501]: hello',
    },
    {
      title: 'falls back to the command for an empty name',
      change: { SYSLOG_IDENTIFIER: '' },
      text: 'pve1 pvedaemon worke[2501]: hello',
    },
    {
      title: 'says of lines of the kernel when they were written, as it does itself',
      change: {
        ...{ SYSLOG_IDENTIFIER: 'kernel', _PID: undefined },
        ...{ _SOURCE_MONOTONIC_TIMESTAMP: '12345678', __MONOTONIC_TIMESTAMP: '9' },
      },
      text: 'pve1 kernel: [   12.345678] hello',
    },
    {
      title: 'takes when they came where that is all there is',
      change: { SYSLOG_IDENTIFIER: 'kernel', _PID: undefined, __MONOTONIC_TIMESTAMP: '1234567000009' },
      text: 'pve1 kernel: [1234567.000009] hello',
    },
    {
      title: 'says it of no other sender',
      change: { SYSLOG_IDENTIFIER: 'kernel', __MONOTONIC_TIMESTAMP: '9' },
      text: 'pve1 kernel[2501]: hello',
    },
    {
      title: 'falls back to the command',
      change: { SYSLOG_IDENTIFIER: undefined },
      text: 'pve1 pvedaemon worke[2501]: hello',
    },
    {
      title: 'never lets the message stand where the identifier belongs',
      change: { SYSLOG_IDENTIFIER: undefined, _COMM: undefined },
      text: 'pve1 unknown[2501]: hello',
    },
    {
      title: 'lets no identifier break the line',
      change: { SYSLOG_IDENTIFIER: 'a\nb' },
      text: 'pve1 a_b[2501]: hello',
    },
  ])('$title', ({ change, text }) => {
    expect(journalLine({ ...entry, ...change })?.text).toBe(text)
  })

  it('bounds the line', () => {
    expect(journalLine({ ...entry, MESSAGE: 'x'.repeat(100_000) })?.text.length).toBe(LINE_LIMIT)
    expect(journalLine({ ...entry, MESSAGE: new Array<number>(200_000).fill(120) })?.text.length).toBe(
      LINE_LIMIT,
    )
  })

  it('stands in for the time of reading with the time of writing', () => {
    expect(journalLine(entry)?.readAt).toBe(1795166101108)
    expect(journalLine({ ...entry, __REALTIME_TIMESTAMP: 'soon' }, 7)).not.toHaveProperty('writtenAt')
  })

  it.each([
    null,
    undefined,
    'text',
    5,
    [],
    [entry],
    {},
    { ...entry, MESSAGE: null },
    { ...entry, MESSAGE: {} },
  ])('takes no line from %j', (value) => {
    expect(journalLine(value)).toBeNull()
  })
})

describe('decodeField', () => {
  it.each([
    { value: 'a', text: 'a' },
    { value: [], text: '' },
    { value: [[97], 'b'], text: 'a' },
    { value: null, text: null },
    { value: 1, text: null },
    { value: [null], text: null },
    { value: [-1, 256, 97], text: '\uFFFD\uFFFDa' },
  ])('$value', ({ value, text }) => {
    expect(decodeField(value)).toBe(text)
  })
})

describe('decodeUtf8', () => {
  it('decodes as every browser does, also what is broken', () => {
    const pieces = [
      [0x41],
      [0xc3, 0xbc],
      [0xe2, 0x98, 0x83],
      [0xf0, 0x9f, 0x98, 0x80],
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf5],
      [0xe2, 0x98],
      [0xf0, 0x9f],
      [0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xff],
    ]
    for (const one of pieces) {
      for (const other of pieces) {
        const bytes = [...one, ...other]
        expect(decodeUtf8(bytes), bytes.join()).toBe(new TextDecoder().decode(Uint8Array.from(bytes)))
      }
    }
  })
})

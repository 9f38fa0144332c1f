import { describe, expect, it } from 'vitest'
import { freePort, holderInWords, listenersIn, programIn } from './listeners.ts'

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
const FOUR = `${HEAD}   0: 00000000:1F48 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F49 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 4712 1 0000000000000000 100 0 0 10 0
   2: 0100007F:1F4A 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 20 4 30 10 -1
`
const SIX = `${HEAD}   0: 00000000000000000000000000000000:1F4B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 99 1 0 100 0 0 10 0\n`

describe('who listens', () => {
  it.each([
    [
      'IPv4, connections left out',
      FOUR,
      [
        { port: 8008, inode: '4711', uid: 0 },
        { port: 8009, inode: '4712', uid: 998 },
      ],
    ],
    ['IPv6', SIX, [{ port: 8011, inode: '99', uid: 33 }]],
    ['nothing', '', []],
    ['what is no table', 'a\nb c d e f g h i j k\n', []],
  ])('%s', (_name, table, expected) => expect(listenersIn(table)).toEqual(expected))

  it.each([
    [8008, 8010],
    [8011, 8012],
    [9000, 9000],
    [65_535, 65_535],
  ])('from %i on, %i is free', (from, port) => {
    expect(freePort(listenersIn(FOUR + SIX), from)).toBe(port)
  })

  it.each([
    ['0::/system.slice/proxmenux-monitor.service\n', '/usr/bin/python3\0x.py\0', 'proxmenux-monitor.service'],
    ['1:name=systemd:/\n0::/system.slice/a.service\n', 'x', 'a.service'],
    ['0::/user.slice/user-0.slice/session-1.scope\n', '/usr/bin/python3\0-m\0http.server', 'python3'],
    ['0::/user.slice/user-0.slice/user@0.service\n', 'nc\0-l', 'nc'],
    ['', '', null],
  ])('in %j, started as %j: %s', (cgroup, cmdline, program) => {
    expect(programIn({ cgroup, cmdline })).toBe(program)
  })

  it('has none where all are taken', () => {
    expect(freePort([{ port: 65_535, inode: '1', uid: 0 }], 65_535)).toBe(null)
  })

  it.each([
    [{ pid: 812, program: 'proxmenux', uid: 0 }, 'proxmenux (process 812)'],
    [{ pid: 812, program: 'a\u001b[31m\nb', uid: 0 }, 'a[31mb (process 812)'],
    [{ pid: 812, program: '\n', uid: 0 }, 'a program (process 812)'],
    [{ pid: null, program: null, uid: 0 }, 'a program of root'],
    [{ pid: null, program: null, uid: 33 }, 'a program of the user with number 33'],
  ])('%j is told as %s', (holder, words) => expect(holderInWords(holder)).toBe(words))
})

import { describe, expect, it } from 'vitest'
import { readActions } from './action.ts'
import { parseJournalMatch } from './journalmatch.ts'
import { parsePorts, parseProtocol } from './ports.ts'
import { parseReference, splitReferences } from './reference.ts'

describe('parsePorts', () => {
  it.each([
    ['ssh', [22]],
    ['http,https', [80, 443]],
    ['ssh, 2222 8000:8100', [22, 2222, [8000, 8100]]],
    ['6000-6010', [[6000, 6010]]],
    ['5:5', [5]],
    ['SSH', [22]],
    ['ms-wbt-server,webmin,www', [3389, 10_000, 80]],
    ['all', 'all'],
    ['22,all', 'all'],
    ['0:65535', 'all'],
    ['1:65535', 'all'],
    ['', 'all'],
  ])('%s', (text, ports) => {
    expect(parsePorts(text)).toEqual({ ok: true, ports })
  })

  it.each(['sshd', '0', '0:10', '65536', '9:8', '-1', '22;23', 'constructor', '1e3', '22:ssh'])(
    'refuses %s',
    (text) => {
      expect(parsePorts(text).ok).toBe(false)
    },
  )
})

describe('parseProtocol', () => {
  it.each([
    ['', 'tcp'],
    ['tcp', 'tcp'],
    ['UDP', 'udp'],
    ['tcp,udp', 'both'],
    ['all', 'both'],
    ['icmp', null],
  ])('%s → %s', (text, protocol) => {
    expect(parseProtocol(text)).toBe(protocol)
  })
})

describe('parseJournalMatch', () => {
  it.each([
    ['', []],
    [
      '_A=1 _B=2',
      [
        [
          ['_A', '1'],
          ['_B', '2'],
        ],
      ],
    ],
    ['_A=1 + _B=2', [[['_A', '1']], [['_B', '2']]]],
    ['_A=1\n_B=2 + _C=3', [[['_A', '1']], [['_B', '2']], [['_C', '3']]]],
    [
      '"_A=a b" _B=\'c d\' _C=e\\ f _D="g \\"h\\""',
      [
        [
          ['_A', 'a b'],
          ['_B', 'c d'],
          ['_C', 'e f'],
          ['_D', 'g "h"'],
        ],
      ],
    ],
    ['_A=x=y', [[['_A', 'x=y']]]],
    ['+ _A=1 +', [[['_A', '1']]]],
  ])('%s', (text, match) => {
    expect(parseJournalMatch(text)).toEqual({ ok: true, match })
  })

  it.each(['sshd', '_A', '_a=1', '_A="1', "_A='1", '_A=1\\', '_A=1+_B=2 x'])('refuses %s', (text) => {
    expect(parseJournalMatch(text).ok).toBe(false)
  })
})

describe('parseReference', () => {
  it.each([
    ['f', 'f', {}],
    ['f[]', 'f', {}],
    ['f[a=1 , b= x ]', 'f', { a: '1', b: 'x' }],
    ['f[a=1][b="2,]"]\n  [c=\'"\']', 'f', { a: '1', b: '2,]', c: '"' }],
    ['sub/f[A=1]', 'sub/f', { A: '1' }],
    ['f[a="1]', 'f', { a: '"1' }],
    ['f[é=1]', 'f', { é: '1' }],
  ])('%s', (text, name, options) => {
    expect(parseReference(text)).toEqual({
      ok: true,
      reference: { name, options: new Map(Object.entries(options)) },
    })
  })

  it.each(['', '[a=1]', 'f[', 'f[a]', 'f[a=1,,b=2]', 'f[a="1" ]', 'f[a = 1]', 'f[a=1] x', 'f[a="1"b=2]'])(
    'refuses %s',
    (text) => {
      expect(parseReference(text).ok).toBe(false)
    },
  )
})

describe('splitReferences', () => {
  it.each([
    ['', []],
    ['a[x="1 2"] b\n c[y=1, z=2][q=3]', ['a[x="1 2"]', 'b', 'c[y=1, z=2][q=3]']],
    ["a[x=']'] b", ["a[x=']']", 'b']],
  ])('%s', (text, list) => {
    expect(splitReferences(text)).toEqual(list)
  })
})

describe('readActions', () => {
  it.each([
    ['iptables-multiport[port="ssh,22", protocol="tcp"]', { protocol: 'tcp', ports: [22, 22] }],
    ['nftables[type=multiport, port=80]', { protocol: 'tcp', ports: [80] }],
    ['nftables[type=allports]', { protocol: 'both', ports: 'all' }],
    ['iptables-allports[port=22]', { protocol: 'both', ports: 'all' }],
    ['iptables[port=53, protocol=tcp]\niptables[port=53, protocol=udp]', { protocol: 'both', ports: [53] }],
    ['iptables[port=1]\niptables[port=2]', { protocol: 'tcp', ports: [1, 2] }],
    ['', null],
  ])('%s', (text, ports) => {
    expect(readActions(text, () => true)).toEqual({ ports, remarks: [], refusal: null })
  })

  it.each(['sendmail-whois[name=x]', 'a[', 'nftables[port=nope]', 'iptables[protocol=icmp]'])(
    'remarks on %s',
    (text) => {
      expect(readActions(text, () => true).remarks.length).toBe(1)
    },
  )

  it.each([
    ['mail', '(it runs shell commands)'],
    ['smtp.py[host=x]', '(it is a program in Python)'],
    ['mial', '(and there is no action.d/mial.conf)'],
  ])('says why %s is not carried out', (text, why) => {
    expect(readActions(text, (name) => name === 'mail').remarks.join()).toContain(why)
  })

  it('refuses an action that opens ports', () => {
    expect(
      readActions('iptables-multiport[blocktype=RETURN, returntype=DROP]', () => true).refusal,
    ).toContain('opens ports')
  })
})

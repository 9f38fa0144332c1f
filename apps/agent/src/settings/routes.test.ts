import { describe, expect, it } from 'vitest'
import { parseRoutes4, parseRoutes6 } from './routes.ts'

const HEAD4 = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n'
const ZERO = '0'.repeat(32)
const route6 = (destination: string, length: string, next: string, flags: string, name: string) =>
  `${destination} ${length} ${ZERO} 00 ${next} 00000400 00000001 00000000 ${flags} ${name.padStart(8)}\n`

describe('default gateways', () => {
  it.each([
    [
      'one',
      'vmbr0\t00000000\tFE0200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\nvmbr0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n',
      [{ address: '192.0.2.254', interface: 'vmbr0' }],
    ],
    [
      'two with metrics',
      'a\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\nb\t00000000\t0102A8C0\t0003\t0\t0\t200\t00000000\t0\t0\t0\n',
      [
        { address: '192.168.1.1', interface: 'a' },
        { address: '192.168.2.1', interface: 'b' },
      ],
    ],
    ['a tunnel without one', 'wg0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n', []],
    ['a half of everything, as VPNs do', 'tun0\t00000000\t0100080A\t0003\t0\t0\t0\t00000080\t0\t0\t0\n', []],
    ['another route', 'eth0\t0000000A\t0100A8C0\t0003\t0\t0\t0\t000000FF\t0\t0\t0\n', []],
    ['one that is down', 'eth0\t00000000\t0100A8C0\t0002\t0\t0\t0\t00000000\t0\t0\t0\n', []],
    ['what is no table', 'x\n\u0000\n', []],
  ])('of IPv4: %s', (_, text, gateways) => {
    expect(parseRoutes4(HEAD4 + text)).toEqual(gateways)
  })

  it.each([
    [
      'one',
      route6(ZERO, '00', 'fe800000000000000000000000000001', '00000003', 'vmbr0') +
        route6('fe800000000000000000000000000000', '40', ZERO, '00000001', 'vmbr0') +
        route6(ZERO, '00', ZERO, '00200200', 'lo'),
      [{ address: 'fe80::1', interface: 'vmbr0' }],
    ],
    [
      'learned',
      route6(ZERO, '00', '20010db8000000000000000000000001', '00450003', 'eth0'),
      [{ address: '2001:db8::1', interface: 'eth0' }],
    ],
    [
      'a route to a network',
      route6(
        '20010db8000000000000000000000000',
        '20',
        'fe800000000000000000000000000001',
        '00000003',
        'eth0',
      ),
      [],
    ],
    ['a tunnel without one', route6(ZERO, '00', ZERO, '00000001', 'wg0'), []],
    ['nothing', '', []],
  ])('of IPv6: %s', (_, text, gateways) => {
    const known = parseRoutes6(text)
    expect(known).toEqual(gateways)
  })
})

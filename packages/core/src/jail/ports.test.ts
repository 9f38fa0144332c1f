import { describe, expect, it } from 'vitest'
import { formatPorts, type JailPorts } from './ports.ts'

describe('formatPorts', () => {
  it.each<[JailPorts, string]>([
    [{ protocol: 'tcp', ports: [22] }, 'tcp 22'],
    [{ protocol: 'tcp', ports: [22, [8000, 8100]] }, 'tcp 22, 8000-8100'],
    [{ protocol: 'both', ports: [53] }, 'tcp, udp 53'],
    [{ protocol: 'udp', ports: [[5060, 5061]] }, 'udp 5060-5061'],
    [{ protocol: 'tcp', ports: 'all' }, 'all ports'],
  ])('%j → %s', (ports, text) => {
    expect(formatPorts(ports)).toBe(text)
  })
})

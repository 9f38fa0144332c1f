/** A port, or an inclusive range of ports. */
export type PortRange = number | readonly [from: number, to: number]

/** Which traffic of a banned address a jail blocks. `all` means every port and protocol. */
export interface JailPorts {
  readonly protocol: 'tcp' | 'udp' | 'both'
  readonly ports: 'all' | readonly PortRange[]
}

/** What becomes of a banned address's packets: nothing, or an answer that says so (TCP reset, ICMP port unreachable). */
export type BlockType = 'drop' | 'reject'

const PROTOCOLS = { tcp: 'tcp', udp: 'udp', both: 'tcp, udp' } as const

/** Ports in words: `tcp 22, 8000-8100`, `tcp, udp 53`, `all ports`. */
export function formatPorts(ports: JailPorts): string {
  if (ports.ports === 'all') return 'all ports'
  const ranges = ports.ports.map((range) =>
    typeof range === 'number' ? `${range}` : `${range[0]}-${range[1]}`,
  )
  return `${PROTOCOLS[ports.protocol]} ${ranges.join(', ')}`
}

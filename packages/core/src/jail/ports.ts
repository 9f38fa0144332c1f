/** A port, or an inclusive range of ports. */
export type PortRange = number | readonly [from: number, to: number]

/** Which traffic of a banned address a jail blocks. `all` means every port and protocol. */
export interface JailPorts {
  readonly protocol: 'tcp' | 'udp' | 'both'
  readonly ports: 'all' | readonly PortRange[]
}

import type { NetworkInterfaceInfo } from 'node:os'
import { isSubnet, parseTarget } from '@warder/core'
import type { Neighbour } from './never.ts'

/** The interfaces of a machine, as the system tells them. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>

const each = (interfaces: Interfaces) =>
  Object.entries(interfaces).flatMap(([of, all]) => (all ?? []).map((info) => ({ of, ...info })))

/** The node's own addresses. */
export const ownAddresses = (interfaces: Interfaces): readonly Neighbour[] =>
  each(interfaces).map(({ address, of }) => ({ target: address, of }))

/**
 * The networks that the node is attached to: the prefixes of its interfaces. An interface with one address alone is
 * attached to none, and a prefix of no length is a mistake that would protect everybody.
 */
export const attachedNetworks = (interfaces: Interfaces): readonly Neighbour[] =>
  each(interfaces).flatMap(({ of, cidr, internal }): readonly Neighbour[] => {
    const network = cidr === null || internal ? null : parseTarget(cidr)
    return network === null || !isSubnet(network) || network.endsWith('/0') ? [] : [{ target: network, of }]
  })

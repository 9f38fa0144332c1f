import { isLoopback } from '@warder/core'
import { hostname } from 'node:os'
import type { ServerConfig } from '../config/schema.ts'
import type { CertificateSource } from '../certificate/judge.ts'
import { hostInUrl } from '../http/app.ts'
import { addressesOfMachine } from './addresses.ts'

/** Where a server is: for this machine itself, and for others. */
export interface OwnUrls {
  readonly local: string
  /** Empty where others come through a proxy only. */
  readonly others: readonly string[]
}

const listensEverywhere = (host: string): boolean => host === '::' || host === '0.0.0.0'

/**
 * The URLs of a server. This machine needs no https to itself, and gets no warning about a certificate that way; with
 * one of the operator's own there is none to get.
 * @param certificate null: it speaks http only
 */
export function ownUrls(
  { host, port, base_path }: Pick<ServerConfig, 'host' | 'port' | 'base_path'>,
  certificate: CertificateSource | null,
): OwnUrls {
  const everywhere = listensEverywhere(host)
  const named = everywhere ? 'localhost' : hostInUrl(host)
  const plain = certificate === null || (certificate !== 'configured' && staysHere(host, everywhere))
  const url = (protocol: string, at: string): string => `${protocol}://${at}:${port}${base_path}`
  const others = certificate === null || !everywhere ? [] : addressesOfMachine().map(hostInUrl)
  return { local: url(plain ? 'http' : 'https', named), others: others.map((at) => url('https', at)) }
}

const staysHere = (host: string, everywhere: boolean): boolean =>
  everywhere || host === 'localhost' || isLoopback(host)

/** The URL of a server for other machines, by the name of this one. */
export const urlByName = ({ port, base_path, tls, tls_cert }: ServerConfig): string =>
  `${tls === 'off' && tls_cert === undefined ? 'http' : 'https'}://${hostname()}:${port}${base_path}`

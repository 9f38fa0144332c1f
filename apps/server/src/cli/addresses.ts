import { networkInterfaces } from 'node:os'
import { hostInUrl } from '../http/app.ts'

/**
 * The URLs under which a server that listens on every address can be reached from elsewhere: one for each
 * address of this machine that others can use.
 */
export function urlsOf(url: string, listensEverywhere: boolean): readonly string[] {
  if (!listensEverywhere) return [url]
  const { protocol, port } = new URL(url)
  const addresses = Object.values(interfacesOfMachine())
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => `${protocol}//${hostInUrl(address)}${port === '' ? '' : `:${port}`}`)
  return [url, ...addresses]
}

/** Where the process may not ask the kernel (its unit leaves it no netlink), only its own address is told. */
function interfacesOfMachine(): ReturnType<typeof networkInterfaces> {
  try {
    return networkInterfaces()
  } catch {
    return {}
  }
}

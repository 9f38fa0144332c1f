import { Resolver } from 'node:dns/promises'

const TIMEOUT_MS = 2_000
const TRIES = 2

const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES })

/**
 * All addresses of a host; none where nobody knows it or answers in time. Names come out of log lines, so it is the
 * name servers that are asked: the system's own way would hold up reading files while a server of the attacker's is
 * slow. Never rejects.
 */
export async function lookUpHost(name: string): Promise<readonly string[]> {
  const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
}

import type { FirewallReport } from '@warder/core'
import * as z from 'zod/mini'
import type { Facts } from './facts.ts'

const enforcing = z.enum(['nftables', 'ipset'])
/** A backend that leaves something in the kernel. */
export type EnforcingBackend = z.infer<typeof enforcing>
const saved = z.array(enforcing)

/** With which backends this node's bans were enforced: what they made outlives the agent. */
export interface Backends {
  all(): readonly EnforcingBackend[]
  /** From now on one may hold something of ours. */
  note(backend: FirewallReport['backend']): void
  /** Nothing of ours is left in it. */
  forget(backend: EnforcingBackend): void
}

export function backendsStore(facts: Facts): Backends {
  const all = (): readonly EnforcingBackend[] => {
    const text = facts.get('backends')
    const read = text === null ? null : saved.safeParse(JSON.parse(text))
    return read?.success ? read.data : []
  }
  const put = (backends: readonly EnforcingBackend[]) => facts.set('backends', JSON.stringify(backends))
  return {
    all,
    note(backend) {
      const read = enforcing.safeParse(backend)
      if (read.success && !all().includes(read.data)) put([...all(), read.data])
    },
    forget: (backend) => put(all().filter((each) => each !== backend)),
  }
}

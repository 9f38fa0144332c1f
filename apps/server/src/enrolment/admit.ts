import type { EpochMs } from '@warder/core'
import { parseJoin, type Hello } from '@warder/protocol'
import { digestOf } from '../auth/secret.ts'
import type { AuditStore } from '../audit/store.ts'
import type { Transaction } from '../storage/transaction.ts'
import type { NodeRow, NodeStore } from '../nodes/store.ts'
import { namesFor } from './name.ts'
import type { EnrolmentStore } from './store.ts'

export interface AdmitParts {
  readonly audit: AuditStore
  readonly transaction: Transaction
  readonly nodes: NodeStore
  readonly enrolment: EnrolmentStore
}

/** Who an agent is, or why it is nobody. */
export type Admission =
  | { readonly ok: true; readonly node: NodeRow; readonly enrolled: boolean }
  | { readonly ok: false; readonly code: 'join-code-invalid' | 'key-unknown' | 'node-removed' }

/** A hello whose signature was checked, and from where it came. */
export interface Arrival {
  readonly hello: Hello
  readonly address: string
  readonly at: EpochMs
}

/**
 * Finds the node of a hello by its key, or makes one when it brings a join code. A key that is known keeps its
 * name. A wished name is free also when its node was removed, or has a past but never had an agent.
 */
export function makeAdmit({
  transaction,
  nodes,
  enrolment,
  audit,
}: AdmitParts): (arrival: Arrival) => Admission {
  const nodeFor = ({ hello, at }: Arrival, known: number | null): number => {
    if (known !== null && !enrolment.hasTrustedKey(known)) return known
    for (const name of namesFor(hello.name)) {
      const row = nodes.byName(name)
      if (row === null) return nodes.add({ name, cluster: hello.cluster, enrolledAt: at })
      if (!enrolment.hasTrustedKey(row.id)) return row.id
    }
    throw new Error('names never end')
  }

  const enrol = (arrival: Arrival, known: number | null): number => {
    const id = nodeFor(arrival, known)
    if (nodes.byId(id)?.removedAt !== null) nodes.enrolled(id, arrival.at)
    enrolment.trust(arrival.hello.key, id, arrival.at)
    return id
  }

  const useCode = ({ hello, at }: Arrival): boolean => {
    if (hello.join === undefined) return false
    const code = parseJoin(hello.join)?.code ?? hello.join
    return enrolment.useCode(digestOf(code), hello.name, at)
  }

  return (arrival) =>
    transaction((): Admission => {
      const key = enrolment.key(arrival.hello.key)
      const trusted = key !== null && key.revokedAt === null
      // Used up also when the key is known already: an agent whose first welcome got lost says it again.
      const used = useCode(arrival)
      if (!trusted && !used) {
        if (arrival.hello.join !== undefined) return { ok: false, code: 'join-code-invalid' }
        return { ok: false, code: key === null ? 'key-unknown' : 'node-removed' }
      }
      const id = trusted ? key.nodeId : enrol(arrival, key?.nodeId ?? null)
      nodes.linked(id, { cluster: arrival.hello.cluster, address: arrival.address, at: arrival.at })
      const node = nodes.byId(id)
      if (node === null) throw new Error(`node ${id} is gone`)
      if (!trusted) {
        const { at, address } = arrival
        const after = { name: node.name, cluster: node.cluster }
        audit.add({ at, actor: 'join code', address, action: 'node.enrol', target: node.name, after })
      }
      return { ok: true, node, enrolled: !trusted }
    })
}

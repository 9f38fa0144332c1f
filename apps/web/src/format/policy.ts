import { addsUp, nodesNeeded, type SharingPolicy } from '@warder/core'
import { n, t } from '../language/t.ts'

/** A sharing policy as it stands in a table. */
export function policyShort(policy: SharingPolicy): string {
  const nodes = nodesNeeded(policy)
  if (nodes === null) return t('not shared')
  if (addsUp(policy)) return t('shared in the cluster')
  return n(nodes, 'shared after {count} node', 'shared after {count} nodes')
}

/** What a sharing policy means, in a sentence. */
export function policyWords(policy: SharingPolicy): string {
  const nodes = nodesNeeded(policy)
  if (nodes === null) return t('A ban holds on the node that made it, and nowhere else.')
  if (addsUp(policy))
    return t('A ban of one node holds on all nodes of its cluster, and failures on different nodes add up.')
  return nodes === 1
    ? t('A ban of one node holds on all nodes of its cluster; each counts failures for itself.')
    : t('Once {nodes} nodes of a cluster have banned an address by themselves, all of them do.', { nodes })
}

import type { PreviewView } from '@warder/protocol/api'
import { formatCount, formatMany } from './count.ts'
import { n, t } from '../language/t.ts'

type NodePreview = PreviewView['nodes'][number]

/** What other settings would have made of the last days, in a sentence. An address counts on every node that it came to. */
export function previewWords(nodes: readonly NodePreview[]): string {
  const banned = nodes.reduce((sum, node) => sum + node.banned.total, 0)
  const spared = nodes.reduce((sum, node) => sum + node.spared.total, 0)
  if (banned === 0 && spared === 0) return t('In the last 7 days this would have banned the same addresses.')
  const parts = [
    ...(banned > 0 ? [`banned ${n(banned, '{count} more address', '{count} more addresses')}`] : []),
    ...(spared > 0 ? [`spared ${n(spared, '{count} address', '{count} addresses')}`] : []),
  ]
  const known = nodes
    .flatMap((node) => node.banned.addresses)
    .filter(({ signedIn, successes }) => signedIn || successes !== null).length
  const also = known === 0 ? '' : t('; of those banned, {known} also logged in successfully', { known })
  return t('In the last 7 days this would have {parts}{also}.', { parts: parts.join(' and '), also })
}

/** The nodes on which somebody would have been banned or spared. */
export const changedNodes = (nodes: readonly NodePreview[]): readonly NodePreview[] =>
  nodes.filter((node) => node.banned.total > 0 || node.spared.total > 0)

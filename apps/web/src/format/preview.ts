import type { PreviewView } from '@warder/protocol/api'
import { n, t } from '../language/t.ts'

type NodePreview = PreviewView['nodes'][number]

/** What other settings would have made of the last days, in a sentence. An address counts on every node that it came to. */
export function previewWords(nodes: readonly NodePreview[]): string {
  const banned = nodes.reduce((sum, node) => sum + node.banned.total, 0)
  const spared = nodes.reduce((sum, node) => sum + node.spared.total, 0)
  if (banned === 0 && spared === 0) return t('In the last 7 days this would have banned the same addresses.')
  const known = nodes
    .flatMap((node) => node.banned.addresses)
    .filter(({ signedIn, successes }) => signedIn || successes !== null).length
  const words = changeOf(banned, spared)
  return known === 0
    ? words
    : `${words} ${n(known, 'Of those banned, {count} also logged in successfully.', 'Of those banned, {count} also logged in successfully.')}`
}

function changeOf(banned: number, spared: number): string {
  const more = n(banned, '{count} more address', '{count} more addresses')
  const fewer = n(spared, '{count} address', '{count} addresses')
  if (spared === 0) return t('In the last 7 days this would have banned {more}.', { more })
  if (banned === 0) return t('In the last 7 days this would have spared {fewer}.', { fewer })
  return t('In the last 7 days this would have banned {more} and spared {fewer}.', { more, fewer })
}

/** The nodes on which somebody would have been banned or spared. */
export const changedNodes = (nodes: readonly NodePreview[]): readonly NodePreview[] =>
  nodes.filter((node) => node.banned.total > 0 || node.spared.total > 0)

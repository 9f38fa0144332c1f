import { replaceLine } from './lines.ts'
import { whyNotUpgrade } from './look.ts'
import { DeployError } from './problems.ts'
import { begin, folderOf, look, runApt, save, takeLock, upload, type Hands } from './hands.ts'

/**
 * Puts the package of this server in the place of the one that a node has, and waits until the new one says that it is
 * well. What was there is kept until then. @throws DeployError
 */
export async function upgrade(hands: Hands): Promise<void> {
  const { parts, done } = hands
  const facts = await look(hands)
  const why = whyNotUpgrade(facts, parts.shipped, parts.wanted.node)
  if (why !== null) throw why
  const node = facts.node ?? parts.wanted.node
  if (node === undefined) throw new DeployError('not-this-node', 'The host does not say which node it is.')
  parts.onNode(node)

  const file = await upload(hands)
  begin(hands, 'save')
  await save(hands)
  begin(hands, 'install')
  await takeLock(hands)
  done.installing = true
  const since = parts.clock.now()
  await runApt(hands, replaceLine(file, folderOf(hands)), 'install-failed')

  begin(hands, 'verify')
  try {
    await parts.seen(node, { since, signal: parts.signal })
  } catch (err) {
    if (err instanceof DeployError && err.code === 'cancelled') throw err
    throw new DeployError('unhealthy')
  }
}

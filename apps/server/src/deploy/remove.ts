import { PURGE } from './lines.ts'
import { whyNotRemove } from './look.ts'
import { begin, look, runApt, takeLock, type Hands } from './hands.ts'

/** Takes the agent from a host, with its bans and all that is its own, and the node from the fleet. @throws DeployError */
export async function remove(hands: Hands): Promise<void> {
  const { parts } = hands
  const facts = await look(hands)
  const why = whyNotRemove(facts, parts.wanted.node)
  if (why !== null) throw why
  const node = parts.wanted.node ?? facts.node
  if (node !== null) parts.onNode(node)
  begin(hands, 'remove')
  await takeLock(hands)
  await runApt(hands, PURGE, 'remove-failed')
  // Nothing is left on the host that could be cancelled.
  parts.onStep('forget')
  if (node !== null) parts.forget(node)
}

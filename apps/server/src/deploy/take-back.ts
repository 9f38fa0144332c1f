import { backLine, PURGE_AGAIN, settingsBackLine, stateBackLine } from './lines.ts'
import { DeployError, isLocked } from './problems.ts'
import { tidy, type Hands } from './hands.ts'

/** A running apt is waited for, five seconds each time. */
const LOCK_TRIES = 24

/** Leaves the host as it was: what was not there before goes again, what was there before comes back. */
export async function takeBack(hands: Hands): Promise<void> {
  const { parts, done, host } = hands
  const said: string[] = []
  if (done.enrolled !== null) {
    parts.forget(done.enrolled)
    said.push('the node was taken out of the fleet again')
  }
  const folder = done.folder
  if (folder !== null) {
    try {
      await reached(hands, async () => {
        const what = await restore(hands, folder)
        if (what !== null) said.push(what)
        await tidy(hands)
      })
    } catch {
      const byHand = done.before?.installed === null && done.installing ? 'apt purge warder-agent; ' : ''
      said.push(
        `${parts.wanted.host} could not be reached to take back what was done; by hand: ${byHand}rm -r ${folder}`,
      )
    }
  }
  host.end()
  if (said.length > 0) parts.onRollback(said.join('; '))
}

/** Does it now or, where the connection was cut, on a new one. */
async function reached({ host }: Hands, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (err) {
    if (!(err instanceof DeployError) || err.code !== 'cut') throw err
    await host.again()
    await work()
  }
}

async function restore(hands: Hands, folder: string): Promise<string | null> {
  const { done, parts } = hands
  if (!done.installing) return null
  const before = done.before?.installed ?? null
  if (before === null) {
    const code = await patiently(hands, PURGE_AGAIN)
    return code === 0
      ? 'the package was purged again'
      : 'the package could not be purged again: apt purge warder-agent'
  }
  if (!done.saved) return null
  // The same version again would change nothing but what it was told.
  const line = before === parts.shipped.version ? settingsBackLine(folder) : backLine(folder)
  return (await runs(hands, line)) || (await runs(hands, stateBackLine(folder)))
    ? `version ${before} is back and runs`
    : `version ${before} could not be brought back to run: journalctl -u warder-agent on the host says why`
}

/** Whether the agent runs after a line; a node of the fleet has to report again as well. */
async function runs(hands: Hands, line: string): Promise<boolean> {
  const { wanted, clock, seen } = hands.parts
  const since = clock.now()
  if ((await patiently(hands, line)) !== 0) return false
  if (wanted.kind !== 'upgrade' || wanted.node === undefined) return true
  return seen(wanted.node, { since }).then(
    () => true,
    () => false,
  )
}

async function patiently({ host, parts }: Hands, line: string): Promise<number | null> {
  for (let tried = 1; ; tried++) {
    const ran = await host.root(line, parts.onOutput)
    if (tried >= LOCK_TRIES || !isLocked(ran.output)) return ran.code
  }
}

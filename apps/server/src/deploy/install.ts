import { begin, folderOf, look, runApt, save, takeLock, upload, type Hands } from './hands.ts'
import { installLine, quoted, replaceLine } from './lines.ts'
import { whyNotInstall } from './look.ts'
import { DeployError } from './problems.ts'

/** Puts the agent on a host that reports to no server. @throws DeployError */
export async function install(hands: Hands): Promise<void> {
  const { parts, host, done } = hands
  const facts = await look(hands)
  const why = whyNotInstall(facts, parts.shipped)
  if (why !== null) throw why

  const file = await upload(hands)
  begin(hands, 'install')
  await takeLock(hands)
  if (facts.installed !== null) await save(hands)
  done.installing = true
  const line = facts.installed === null ? installLine(file) : replaceLine(file, folderOf(hands))
  await runApt(hands, line, 'install-failed')

  begin(hands, 'enrol')
  const join = `warder enrol --json ${quoted(parts.server)} ${quoted(parts.createJoin())}`
  const enrolled = await host.root(join, parts.onOutput)
  if (enrolled.code !== 0) throw new DeployError('enrol-failed')
  const node = nodeIn(enrolled.output)
  if (node === null)
    throw new DeployError('enrol-failed', 'The host did not say under which name it enrolled.')
  done.enrolled = node
  parts.onNode(node)

  begin(hands, 'start')
  const started = await host.root(
    'systemctl restart warder-agent && systemctl is-active warder-agent',
    parts.onOutput,
  )
  if (started.code !== 0) throw new DeployError('start-failed')
  begin(hands, 'verify')
  await parts.seen(node, { since: 0, signal: parts.signal })
}

/** The line of JSON in what the host printed → the name it enrolled under. */
export function nodeIn(output: string): string | null {
  for (const line of output.split('\n')) {
    if (!line.startsWith('{')) continue
    try {
      const said: unknown = JSON.parse(line)
      if (typeof said === 'object' && said !== null && 'node' in said && typeof said.node === 'string')
        return said.node
    } catch {
      // Another program's line.
    }
  }
  return null
}

import type { DeployBody, DeployStep } from '@warder/protocol/api'
import { factsIn, LOOK, quoted, whyNot, type HostFacts } from './look.ts'
import type { ShippedPackage } from './shipped.ts'
import { connect, DeployError, type Ran, type Shell } from './ssh.ts'

/** What a deployment needs of the rest of the server. */
export interface RunParts {
  readonly wanted: DeployBody
  /** Where the agent finds this server. */
  readonly server: string
  readonly shipped: ShippedPackage
  readonly createJoin: () => string
  /** Resolves when the node is linked and has reported; rejects when the patience ends. */
  readonly seen: (node: string, signal: AbortSignal) => Promise<void>
  /** Takes a node out of the fleet again. */
  readonly forget: (node: string) => void
  readonly signal: AbortSignal
  /** Told when a step begins, and with what the host prints meanwhile. */
  readonly onStep: (step: DeployStep) => void
  readonly onOutput: (text: string) => void
  readonly onNode: (node: string) => void
  readonly onRollback: (what: string) => void
}

/** What was changed on the host and at the server so far. */
interface Done {
  folder: string | null
  installing: boolean
  before: HostFacts | null
  node: string | null
}

/** Puts the agent on a host, from the first word to the first report. @throws DeployError after what was done is taken back */
export async function deploy(parts: RunParts): Promise<void> {
  const { wanted, onStep } = parts
  onStep('connect')
  const shell = await connect(wanted, wanted.signIn)
  const done: Done = { folder: null, installing: false, before: null, node: null }
  const root = asRoot(shell, wanted)
  try {
    await steps(parts, { shell, root, done })
    await tidy(root, done)
  } catch (err) {
    await takeBack(parts, { shell, root, done })
    throw err
  } finally {
    shell.end()
  }
}

type Root = (line: string, onOutput?: (text: string) => void) => Promise<Ran>
interface Hands {
  readonly shell: Shell
  readonly root: Root
  readonly done: Done
}

async function steps(parts: RunParts, { shell, root, done }: Hands): Promise<void> {
  const { shipped, signal, onStep, onOutput } = parts
  const begin = (step: DeployStep): void => {
    if (signal.aborted) throw new DeployError('It was cancelled.')
    onStep(step)
  }
  begin('look')
  const looked = await root(LOOK)
  const facts = factsIn(looked.output)
  if (facts.uid < 0) onOutput(looked.output)
  const why = whyNot(facts, shipped)
  if (why !== null) throw new DeployError(why)
  done.before = facts

  begin('upload')
  const made = await shell.run('umask 077; mktemp -d /var/tmp/warder-deploy-XXXXXXXX')
  const folder = made.output.trim()
  if (made.code !== 0 || !/^\/var\/tmp\/warder-deploy-\w+$/.test(folder))
    throw new DeployError('No folder could be made in /var/tmp of the host. Is it full or read-only?')
  done.folder = folder
  const file = `${folder}/warder-agent.deb`
  await shell.upload(shipped.file, file, () => {})
  const sum = await shell.run(`sha256sum ${quoted(file)}`)
  if (!sum.output.startsWith(shipped.sha256)) throw new DeployError('The package arrived damaged. Try again.')

  begin('install')
  done.installing = true
  await must(root(installLine(file), onOutput), 'The package could not be installed; the host says why.')

  begin('enrol')
  const line = `warder enrol --json ${quoted(parts.server)} ${quoted(parts.createJoin())}`
  const enrolled = await must(
    root(line, (text) => onOutput(text)),
    'The host could not enrol: it has to reach this server at the address that was given.',
  )
  const node = nodeIn(enrolled.output)
  if (node === null) throw new DeployError('The host did not say under which name it enrolled.')
  done.node = node
  parts.onNode(node)

  begin('start')
  await must(
    root('systemctl restart warder-agent && systemctl is-active warder-agent', onOutput),
    'The agent does not start: journalctl -u warder-agent on the host says why.',
  )
  begin('verify')
  await parts.seen(node, signal)
}

/** An installation that has begun goes on to its end although the connection is cut: half a package would be harm. */
const installLine = (file: string): string => {
  const apt =
    'apt-get -q -y -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confold -o APT::Sandbox::User=root install --no-install-recommends'
  return `trap '' HUP PIPE; log=$(mktemp); DEBIAN_FRONTEND=noninteractive ${apt} ${quoted(file)} >"$log" 2>&1; code=$?; cat "$log"; rm -f "$log"; exit $code`
}

async function must(running: Promise<Ran>, problem: string): Promise<Ran> {
  const ran = await running
  if (ran.code !== 0) throw new DeployError(problem)
  return ran
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

/** How a line is run with root's rights. The password goes by standard input, so that no list of processes shows it. */
function asRoot(shell: Shell, { user, signIn, sudoPassword }: DeployBody): Root {
  return (line, onOutput) => {
    const options = onOutput === undefined ? {} : { onOutput }
    if (user === 'root') return shell.run(`sh -c ${quoted(line)}`, options)
    const password = sudoPassword ?? (signIn.kind === 'password' ? signIn.password : '')
    return shell.run(`sudo -S -p '' sh -c ${quoted(line)}`, { ...options, input: `${password}\n` })
  }
}

async function tidy(root: Root, { folder }: Done): Promise<void> {
  if (folder !== null) await root(`rm -rf ${quoted(folder)}`)
}

/** Leaves the host as it was: what was not there before goes again, with its bans and settings. */
async function takeBack({ wanted, forget, onRollback }: RunParts, { root, done }: Hands): Promise<void> {
  const said: string[] = []
  if (done.node !== null) {
    forget(done.node)
    said.push('the node was taken out of the fleet again')
  }
  try {
    await tidy(root, done)
    if (done.installing && done.before?.installed === null) {
      const ran = await root('DEBIAN_FRONTEND=noninteractive dpkg --purge warder-agent')
      said.push(ran.code === 0 ? 'the package was purged again' : 'the package could not be purged again')
    } else if (done.installing)
      said.push('the agent that was there before was replaced by the newer one, which stays')
  } catch {
    if (done.folder !== null)
      said.push(
        `${wanted.host} could not be reached to take back what was done: apt purge warder-agent; rm -r ${done.folder}`,
      )
  }
  if (said.length > 0) onRollback(said.join('; '))
}

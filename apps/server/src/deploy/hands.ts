import type { Clock } from '@warder/daemon'
import type { DeployBody, DeployStep } from '@warder/protocol/api'
import type { Host } from './host.ts'
import { isFolder, MAKE_FOLDER, quoted, saveLine, TAKE_LOCK } from './lines.ts'
import { demandRoot, factsIn, LOOK, type HostFacts } from './look.ts'
import { aptError, DeployError, isLocked } from './problems.ts'
import type { ShippedPackage } from './shipped.ts'
import type { SignIn } from './ssh.ts'

/** How long a node may take to say that it is well, and what it has to be. */
export interface Wellness {
  /** It has connected after this moment. */
  readonly since: number
  readonly signal?: AbortSignal
}

/** What a deployment needs of the rest of the server. */
export interface RunParts {
  readonly clock: Clock
  readonly wanted: DeployBody
  readonly signIn: SignIn
  /** Where the agent finds this server. */
  readonly server: string
  readonly shipped: ShippedPackage
  /** How often the lock of apt is tried, five seconds each. */
  readonly lockTries: number
  readonly createJoin: () => string
  /** Resolves when the node is linked and has reported; rejects when the patience ends. */
  readonly seen: (node: string, wellness: Wellness) => Promise<void>
  /** Takes a node out of the fleet. */
  readonly forget: (node: string) => void
  readonly signal: AbortSignal
  /** Told when a step begins, and with what the host prints meanwhile. */
  readonly onStep: (step: DeployStep) => void
  readonly onOutput: (text: string) => void
  readonly onNode: (node: string) => void
  readonly onRollback: (what: string) => void
}

/** What was changed on the host and at the server so far. */
export interface Done {
  folder: string | null
  /** What was there before can be put back. */
  saved: boolean
  installing: boolean
  before: HostFacts | null
  /** A node that enrolled in this deployment. */
  enrolled: string | null
}

/** All that the steps of a deployment use. */
export interface Hands {
  readonly parts: RunParts
  readonly host: Host
  readonly done: Done
}

/** Begins a step, unless somebody wanted the end. @throws DeployError cancelled */
export function begin({ parts }: Hands, step: DeployStep): void {
  if (parts.signal.aborted) throw new DeployError('cancelled')
  parts.onStep(step)
}

/** Looks at the host with root's rights. @throws DeployError when there are none */
export async function look(hands: Hands): Promise<HostFacts> {
  begin(hands, 'look')
  const { output } = await hands.host.root(LOOK)
  const facts = factsIn(output)
  if (facts.uid < 0) hands.parts.onOutput(output)
  demandRoot(facts, output)
  hands.done.before = facts
  return facts
}

/** Sends the package → where it lies on the host. */
export async function upload(hands: Hands): Promise<string> {
  begin(hands, 'upload')
  const { parts, host, done } = hands
  const { shipped, signal, onOutput } = parts
  const made = await host.run(MAKE_FOLDER)
  const folder = made.output.trim()
  if (made.code !== 0 || !isFolder(folder)) {
    onOutput(made.output)
    throw new DeployError(
      'upload-failed',
      'No folder could be made in /var/tmp of the host: full, or read-only.',
    )
  }
  done.folder = folder
  const file = `${folder}/warder-agent.deb`
  let told = 0
  const onProgress = (bytes: number): void => {
    const tenth = Math.floor((bytes / shipped.bytes) * 10)
    if (tenth > told) onOutput(`${tenth * 10} % of ${(shipped.bytes / 1_048_576).toFixed(1)} MiB\n`)
    told = Math.max(told, tenth)
  }
  try {
    await host.upload({ file: shipped.file, to: file, signal, onProgress })
  } catch (err) {
    if (err instanceof DeployError && err.code === 'upload-failed' && (await isFull(host, folder)))
      throw new DeployError('disk-full', 'The host ran out of room in /var/tmp while the package was sent.')
    throw err
  }
  const sum = await host.run(`sha256sum ${quoted(file)}`)
  if (!sum.output.startsWith(shipped.sha256)) throw new DeployError('package-damaged')
  return file
}

const isFull = async (host: Host, folder: string): Promise<boolean> => {
  const { output } = await host.run(`df -Pk ${quoted(folder)} | awk 'NR == 2 { print $4 }'`)
  return Number.parseInt(output, 10) < 1_024
}

/** Waits until nobody holds the lock of apt. @throws DeployError apt-locked, cancelled */
export async function takeLock({ parts, host }: Hands): Promise<void> {
  for (let tried = 1; ; tried++) {
    if (parts.signal.aborted) throw new DeployError('cancelled')
    const ran = await host.root(TAKE_LOCK)
    if (!isLocked(ran.output)) return
    parts.onOutput(tried === 1 ? ran.output : '')
    if (tried >= parts.lockTries) throw aptError(ran.output, 'install-failed')
    parts.onOutput('Waiting until the other program has ended.\n')
  }
}

/** Runs a line of apt. @throws DeployError with what apt said of it */
export async function runApt(
  { parts, host }: Hands,
  line: string,
  otherwise: 'install-failed' | 'remove-failed',
): Promise<void> {
  const ran = await host.root(line, parts.onOutput)
  if (ran.code !== 0) throw aptError(ran.output, otherwise)
}

/** Takes the folder of the deployment away. */
export async function tidy({ host, done }: Hands): Promise<void> {
  if (done.folder !== null) await host.root(`rm -rf ${quoted(done.folder)}`)
  done.folder = null
}

/** Keeps what is there, so that it can be put back. @throws DeployError save-failed */
export async function save(hands: Hands): Promise<void> {
  const { parts, host, done } = hands
  const saved = await host.root(saveLine(folderOf(hands)), parts.onOutput)
  if (saved.code !== 0) throw new DeployError('save-failed')
  done.saved = true
}

/** The folder of the deployment, once something was uploaded. */
export function folderOf({ done }: Hands): string {
  if (done.folder === null) throw new Error('nothing was uploaded yet')
  return done.folder
}

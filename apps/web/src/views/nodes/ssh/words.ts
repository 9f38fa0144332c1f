import type { DeployKind, DeployStep, DeployView } from '@warder/protocol/api'
import type { Mark } from '../../../ui/mark.ts'

export const STEPS: Readonly<Record<DeployStep, string>> = {
  connect: 'Connect',
  look: 'Look at the host',
  upload: 'Send the package',
  save: 'Keep the version that is there',
  install: 'Install',
  enrol: 'Enrol',
  start: 'Start',
  verify: 'Wait until it reports',
  remove: 'Remove the package',
  forget: 'Take the node off the list',
}

export const STEP_MARKS: Readonly<Record<DeployView['steps'][number]['state'], Mark>> = {
  waiting: 'off',
  running: 'waiting',
  done: 'good',
  failed: 'problem',
}

export const STATE_MARKS: Readonly<Record<DeployView['state'], Mark>> = {
  waiting: 'off',
  running: 'waiting',
  done: 'good',
  failed: 'problem',
  cancelled: 'gone',
}

const DONE: Readonly<Record<DeployKind, string>> = {
  install: 'protected',
  upgrade: 'upgraded',
  remove: 'removed',
}

/** How one stands, in a word or two. */
export function stateWords({ state, kind, steps, isCancelling }: DeployView): string {
  if (isCancelling) return 'being cancelled'
  if (state === 'done') return DONE[kind]
  if (state !== 'running') return state
  const step = steps.find((each) => each.state === 'running')?.step
  return step === undefined ? 'running' : STEPS[step].toLowerCase()
}

/** How many steps are done, of how many. */
export const doneOf = ({ steps }: DeployView): number => steps.filter(({ state }) => state === 'done').length

export const isUnfinished = ({ endedAt }: DeployView): boolean => endedAt === null

export const TITLES: Readonly<Record<DeployKind, string>> = {
  install: 'Add nodes over SSH',
  upgrade: 'Upgrade agents',
  remove: 'Remove a node and its agent',
}

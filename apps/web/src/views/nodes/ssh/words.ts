import type { DeployKind, DeployStep, DeployView } from '@warder/protocol/api'
import { english, t } from '../../../language/t.ts'
import type { Mark } from '../../../ui/mark.ts'

export const STEPS: Readonly<Record<DeployStep, string>> = {
  connect: english('Connect'),
  look: english('Look at the host'),
  upload: english('Send the package'),
  save: english('Keep the version that is there'),
  install: english('Install'),
  enrol: english('Enrol'),
  start: english('Start'),
  verify: english('Wait until it reports'),
  remove: english('Remove the package'),
  forget: english('Take the node off the list'),
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
  install: english('protected'),
  upgrade: english('upgraded'),
  remove: english('removed'),
}

const STATES: Readonly<Record<DeployView['state'], string>> = {
  waiting: english('waiting'),
  running: english('running'),
  done: english('done'),
  failed: english('failed'),
  cancelled: english('cancelled'),
}

/** A state of a step or of the whole. */
export const stateWord = (state: DeployView['state']): string => t(STATES[state])

/** How one stands, in a word or two. */
export function stateWords({ state, kind, steps, isCancelling }: DeployView): string {
  if (isCancelling) return t('being cancelled')
  if (state === 'done') return t(DONE[kind])
  const step = steps.find((each) => each.state === 'running')?.step
  return state === 'running' && step !== undefined ? t(STEPS[step]) : t(STATES[state])
}

/** How many steps are done, of how many. */
export const doneOf = ({ steps }: DeployView): number => steps.filter(({ state }) => state === 'done').length

export const isUnfinished = ({ endedAt }: DeployView): boolean => endedAt === null

export const TITLES: Readonly<Record<DeployKind, string>> = {
  install: english('Add nodes over SSH'),
  upgrade: english('Upgrade agents'),
  remove: english('Remove a node and its agent'),
}

import { DEFAULT_POLICY } from '@warder/core'
import type { JailView } from '@warder/protocol/api'
import { formatSpan } from '../format/duration.ts'
import { valueOf } from './matrix.ts'
import type { StateWords } from './node-state.ts'
import { t } from '../language/t.ts'

/** A jail's state on a node in words. What an unreachable node did last is not what it does now. */
export function jailState(jail: JailView, online: boolean): StateWords {
  const title =
    jail.sources.length === 0
      ? t('It reads nothing yet')
      : t('reads {sources}', { sources: jail.sources.join(', ') })
  if (!online)
    return {
      mark: 'off',
      word: t('node offline'),
      title: t('Was {state} when the node was last heard of', { state: jailState(jail, true).word }),
    }
  switch (jail.state) {
    case 'running':
      return { mark: 'good', word: t('running'), title }
    case 'disabled':
      return { mark: 'off', word: t('off'), title: jail.reason ?? t('Turned off') }
    case 'failed':
      return { mark: 'problem', word: t('failed'), title: jail.reason ?? t('It gave no reason') }
    case 'paused':
      return { mark: 'problem', word: t('paused'), title: jail.reason ?? t('Its expressions took too long') }
    case 'unknown':
      return { mark: 'off', word: t('unknown'), title: t('The node has not reported it yet') }
  }
}

/** Whether a node has not taken over yet what is wanted of this jail: it is on its way, or was refused. */
export function isAwaited({ revision, wanted, effective }: JailView): boolean {
  if (revision.state === 'applied') return false
  return (['enabled', 'maxretry', 'findtime', 'bantime', 'policy'] as const).some(
    (key) => valueOf(wanted, key) !== valueOf(effective, key),
  )
}

/** What was changed on the node itself and what it is now: `maxretry 2, ignoreip`. */
export function changedByHand({ local, effective }: Pick<JailView, 'local' | 'effective'>): string {
  const inWords = (key: JailView['local'][number]): string => {
    switch (key) {
      case 'ignoreip':
        return key
      case 'enabled':
        return effective.enabled ? t('turned on') : t('turned off')
      case 'maxretry':
        return `${key} ${effective.maxretry}`
      case 'policy':
        return `${key} ${effective.policy ?? DEFAULT_POLICY}`
      case 'findtime':
      case 'bantime': {
        const seconds = effective[key]
        return `${key} ${formatSpan(seconds)}`
      }
    }
  }
  return local.map(inWords).join(', ')
}

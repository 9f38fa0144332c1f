import type { HardeningFinding } from '@warder/protocol'
import { FINDINGS, judge, type FindingId } from './judge.ts'
import { planFor } from './plan.ts'
import type { Seen } from './seen.ts'
import type { Verdict } from './verdict.ts'
import { ABOUT } from './words.ts'

/** What we changed: the file, and whether it still stands as we left it. */
export interface Changed {
  readonly path: string
  readonly stand: 'ours' | 'before' | 'edited'
}

/** What was read, and what we changed by finding → all findings, in their order. */
export const findingsOf = (seen: Seen, changed: ReadonlyMap<string, Changed>): HardeningFinding[] =>
  FINDINGS.map((id) => findingOf(id, seen, changed.get(id)))

function findingOf(id: FindingId, seen: Seen, changed: Changed | undefined): HardeningFinding {
  const about = ABOUT[id]
  const verdict = judge(id, seen)
  const state = stateOf(verdict, changed)
  const planned = about.fix === null || state !== 'found' ? null : planFor(id, seen)
  return {
    id,
    state,
    severity: about.severity,
    title: about.title,
    cause: causeOf(verdict, state, changed).slice(0, 2_000),
    effect: verdict.kind === 'amiss' ? verdict.effect : '',
    fix: planned?.ok === false ? null : about.fix,
    byHand: [...about.byHand],
    undo: about.undo,
  }
}

function stateOf(verdict: Verdict, changed: Changed | undefined): HardeningFinding['state'] {
  if (changed?.stand === 'edited') return 'edited'
  // What we wrote stands, and yet it does not help: something else counts more by now.
  if (changed?.stand === 'ours') return verdict.kind === 'amiss' ? 'edited' : 'applied'
  if (verdict.kind === 'amiss') return 'found'
  return verdict.kind === 'fine' ? 'fine' : 'unread'
}

function causeOf(
  { kind, cause }: Verdict,
  state: HardeningFinding['state'],
  changed: Changed | undefined,
): string {
  if (state === 'applied') return `${cause} Warder sees to it with ${changed?.path}.`
  if (state !== 'edited') return cause
  if (changed?.stand === 'edited')
    return `${cause} ${changed.path} was changed since Warder wrote it: it is left alone.`
  return kind === 'amiss' ? `${cause} Warder wrote ${changed?.path}, but something else counts more.` : cause
}

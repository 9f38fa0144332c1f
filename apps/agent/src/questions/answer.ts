import { JOURNAL, type EpochMs } from '@warder/core'
import type { Clock, LogRing } from '@warder/daemon'
import type { Answer, Question, TailLine } from '@warder/protocol'
import type { Built } from '../settings/settings.ts'
import type { SourceMaker } from '../source/source.ts'
import type { Doctor } from '../doctor/doctor.ts'
import { answerHarden, type HardenParts } from '../hardening/answer.ts'
import { filtersOf } from './filters.ts'
import { newestFitting } from './fitting.ts'
import { tailOf } from './tail-wanted.ts'

interface Parts {
  /** What the node runs now. */
  readonly current: () => Built
  readonly sources: SourceMaker
  readonly clock: Clock
  /** The node's local zone at a moment, in minutes ahead of UTC. */
  readonly zone: (at: EpochMs) => number
  readonly harden: HardenParts
  readonly doctor: Pick<Doctor, 'run'>
  /** What the agent logged itself; absent: it is not kept. */
  readonly logged?: LogRing | undefined
}

/** Makes what answers the server's questions. */
export function makeAnswerer({
  current,
  sources,
  clock,
  zone,
  harden,
  doctor,
  logged,
}: Parts): (question: Question) => Promise<Answer> {
  return async (question) => {
    const { readings, decided } = current()
    if (question.kind === 'filters') return { kind: 'filters', ...filtersOf(decided.decisions) }
    if (question.kind === 'hardening' || question.kind === 'harden') return answerHarden(question, harden)
    if (question.kind === 'doctor') return examined(question.jail, doctor)
    if (question.kind === 'log')
      return { kind: 'log', lines: newestFitting(logged?.newest(question.limit) ?? []).lines }
    const tail = tailOf(question, readings)
    if (tail === null) return { kind: 'refused', code: 'source-unknown', reason: unread(question.source) }
    try {
      const lines = (await sources.last(tail)).map(({ text, writtenAt }): TailLine => ({
        text,
        writtenAt: writtenAt ?? null,
      }))
      return { kind: 'lines', ...newestFitting(lines), zone: zone(clock.now()) }
    } catch (err) {
      const reason = (err instanceof Error ? err.message : String(err)).slice(0, 1_000)
      return { kind: 'refused', code: 'source-unreadable', reason }
    }
  }
}

async function examined(jail: string | undefined, doctor: Pick<Doctor, 'run'>): Promise<Answer> {
  try {
    return { kind: 'doctor', report: await doctor.run(jail) }
  } catch (err) {
    const reason = (err instanceof Error ? err.message : String(err)).slice(0, 1_000)
    return { kind: 'refused', code: 'failed', reason }
  }
}

const unread = (source: string): string =>
  source === JOURNAL ? 'that jail does not read the journal here' : 'that jail does not read it here'

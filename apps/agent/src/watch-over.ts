import type { Clock } from '@warder/daemon'
import type { Loop } from './engine/loop.ts'
import { Collector } from './health/collector.ts'
import { SourceWatch } from './health/source-watch.ts'
import type { Applier } from './settings/apply.ts'
import { IgnoreFilesWatch } from './settings/ignore-files.ts'
import type { Roster } from './source/roster.ts'

const WATCH_MS = 1_000
const REFRESH_MS = 30_000
const COLLECT_MS = 5_000

export interface Watched {
  readonly loop: Loop
  readonly roster: Roster
  readonly applier: Applier
  readonly clock: Clock
}

/** What happens by the clock, apart from the loop's own ticks. */
export function watchOver({ loop, roster, applier, clock }: Watched, stack: AsyncDisposableStack): void {
  const watch = new SourceWatch()
  // In the mailbox and the applier failures are logged where they happen.
  const quietly = (work: Promise<void>): void => void work.catch(() => {})
  stack.use(
    clock.every(WATCH_MS, () => {
      const events = watch.look(roster.reports(), clock.now())
      if (events.length > 0) quietly(loop.record(events))
      quietly(applier.judge())
    }),
  )
  const files = new IgnoreFilesWatch()
  stack.use(
    clock.every(WATCH_MS, () => {
      const paths = applier.current.ignoreFiles.map(([path]) => path)
      if (paths.length === 0) return
      quietly(files.haveChanged(paths).then((isNew) => (isNew ? applier.refresh() : undefined)))
    }),
  )
  const collector = new Collector()
  stack.use(clock.every(COLLECT_MS, () => collector.look()))
  stack.defer(() => applier.settled())
  stack.use(clock.every(REFRESH_MS, () => quietly(applier.refresh())))
}

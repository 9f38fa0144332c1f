import { n, t } from '../language/t.ts'
import type { Silence } from '../state/silence.svelte.ts'

interface Item {
  readonly label: string
  readonly run: () => void
}

const HOUR_S = 3_600

/** What may be done about notifications now: for how long they are silenced, or that they are told again. */
export function silences(silence: Silence): readonly Item[] {
  const begin =
    (hours: number, critical = true) =>
    (): void =>
      void silence.begin(hours * HOUR_S, critical)
  const end = { label: t('End the silence now'), run: (): void => void silence.end() }
  return [
    ...(silence.now === null ? [] : [end]),
    ...[1, 4, 8].map((hours) => ({
      label: n(hours, 'Silence for {count} hour', 'Silence for {count} hours'),
      run: begin(hours),
    })),
    { label: t('Silence for an hour, what is critical too'), run: begin(1, false) },
  ]
}

import type { Silence } from './silence.ts'

/** The one silence that there is. */
export interface SilenceStore {
  get(): Silence | null
  put(silence: Silence | null): void
}

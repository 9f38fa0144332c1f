import type { FilterView } from '@warder/protocol/api'
import { EMPTY_FORM, type FilterForm } from '../trial/form.ts'
import type { TriedLine } from '../trial/lines.ts'

/** Lines that a node gave. */
export interface Taken {
  readonly node: string
  readonly source: string
  /** Of the journal: those that this jail reads. */
  readonly jail: string | null
  readonly lines: readonly TriedLine[]
  /** The node's zone, in minutes ahead of UTC. */
  readonly zone: number
  readonly cut: boolean
  readonly at: number
}

/** What is typed and taken under Filters: it stays while one looks elsewhere, and goes with the session. */
export class Draft {
  form = $state.raw<FilterForm>(EMPTY_FORM)
  /** The filter that the form began with; null: one's own. */
  picked = $state.raw<FilterView | null>(null)
  from = $state<'node' | 'paste'>('node')
  pasted = $state('')
  taken = $state.raw<Taken | null>(null)

  clear(): void {
    this.form = EMPTY_FORM
    this.picked = null
    this.from = 'node'
    this.pasted = ''
    this.taken = null
  }
}

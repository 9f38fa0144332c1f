import { createContext } from 'svelte'
import type { Editable } from '../../state/matrix.ts'

/** Which number of which jail is being changed, and where the editor hangs. */
export interface Edited {
  readonly jail: string
  readonly setting: Editable
  /** Null: for all nodes. */
  readonly node: string | null
}

const AGAIN_MS = 250

/** One editor for the whole matrix, since there are hundreds of numbers and one is changed at a time. */
export class Editing {
  edited = $state.raw<Edited | null>(null)
  anchor = $state.raw<HTMLElement | null>(null)

  #endedAt = 0

  /** A press on the number whose editor it has just closed does not open it again. */
  start(edited: Edited, anchor: HTMLElement): void {
    if (anchor === this.anchor && performance.now() - this.#endedAt < AGAIN_MS) return
    this.edited = edited
    this.anchor = anchor
  }

  end(): void {
    if (this.edited !== null) this.#endedAt = performance.now()
    this.edited = null
  }

  is({ jail, setting, node }: Edited): boolean {
    const { edited } = this
    return edited !== null && edited.jail === jail && edited.setting === setting && edited.node === node
  }
}

export const [getEditing, setEditing] = createContext<Editing>()

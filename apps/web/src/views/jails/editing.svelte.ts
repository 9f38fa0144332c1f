import { createContext } from 'svelte'
import type { Editable } from '../../state/matrix.ts'

/** Which number of which jail is being changed, and where the editor hangs. */
export interface Edited {
  readonly jail: string
  readonly setting: Editable
  /** Null: for all nodes. */
  readonly node: string | null
}

/** One editor for the whole matrix, since there are hundreds of numbers and one is changed at a time. */
export class Editing {
  edited = $state.raw<Edited | null>(null)
  anchor = $state.raw<HTMLElement | null>(null)

  /** A press on the number whose editor is open closes it. */
  start(edited: Edited, anchor: HTMLElement): void {
    if (this.edited !== null && anchor === this.anchor) return this.end()
    this.edited = edited
    this.anchor = anchor
  }

  end(): void {
    this.edited = null
  }

  is({ jail, setting, node }: Edited): boolean {
    const { edited } = this
    return edited !== null && edited.jail === jail && edited.setting === setting && edited.node === node
  }
}

export const [getEditing, setEditing] = createContext<Editing>()

import { giveBack } from './float.ts'

/** The browser's own modal dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function modal(dialog: HTMLDialogElement): () => void {
  const before = document.activeElement
  dialog.showModal()
  const first = dialog.querySelector<HTMLElement>('[data-first]') ?? dialog
  first.focus()
  return () => {
    dialog.close()
    giveBack(before)
  }
}

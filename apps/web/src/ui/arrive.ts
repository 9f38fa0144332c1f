/** Brings the part of a page that a link named into sight, and gives it the focus; nothing happens when it is not there. */
export function arriveAt(id: string | null): void {
  const part = id === null ? null : document.getElementById(id)
  if (part === null) return
  part.scrollIntoView({ block: 'center' })
  part.tabIndex = -1
  part.focus({ preventScroll: true })
}

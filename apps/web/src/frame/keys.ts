/** What a key, or `g` and a key, asks for. */
export type Shortcut =
  | { readonly kind: 'go'; readonly key: string }
  | { readonly kind: 'search' | 'help' | 'undo' }
  | { readonly kind: 'prefix' }
  | null

/** How long `g` waits for its second key, in ms. */
export const PREFIX_MS = 1_200

/** A pressed key → what it asks for. `afterG`: whether `g` was pressed just before. Keys with modifiers belong to the browser. */
export function shortcutOf(key: string, afterG: boolean): Shortcut {
  if (afterG && /^[a-z]$/.test(key)) return { kind: 'go', key }
  switch (key) {
    case 'g':
      return { kind: 'prefix' }
    case '/':
      return { kind: 'search' }
    case '?':
      return { kind: 'help' }
    case 'z':
      return { kind: 'undo' }
    default:
      return null
  }
}

/** Ctrl-K, or Cmd-K on a Mac: the omnibox, wherever one is. */
export const isOmniboxKey = (press: {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}): boolean =>
  press.key.toLowerCase() === 'k' && (press.ctrlKey || press.metaKey) && !press.altKey && !press.shiftKey

/** Whether a key press belongs to what has the focus (a field, a list of choices), and is not ours to take. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)
}

export type ThemeChoice = 'system' | 'light' | 'dark'

const KEY = 'warder.theme'

/** Light, dark, or as the system is. Remembered in this browser; `theme.js` applies it before the first paint. */
export class Theme {
  choice = $state<ThemeChoice>(remembered())

  set(choice: ThemeChoice): void {
    this.choice = choice
    const { dataset } = document.documentElement
    if (choice === 'system') delete dataset['theme']
    else dataset['theme'] = choice
    try {
      if (choice === 'system') localStorage.removeItem(KEY)
      else localStorage.setItem(KEY, choice)
    } catch {
      // Storage can be closed off; the choice then holds until the page is left.
    }
  }
}

function remembered(): ThemeChoice {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

export type ThemeChoice = 'system' | 'light' | 'dark'
export type ContrastChoice = 'system' | 'more'
export type DensityChoice = 'comfortable' | 'compact'

/**
 * One thing about how the dashboard looks, remembered in this browser and written at the root of the document, where
 * the tokens read it. `theme.js` applies it before the first paint.
 */
class Look<Choice extends string> {
  readonly #name: 'theme' | 'contrast' | 'density'
  readonly #plain: Choice
  #choice = $state() as Choice

  constructor(
    name: 'theme' | 'contrast' | 'density',
    choices: readonly [plain: Choice, ...others: Choice[]],
  ) {
    const written = document.documentElement.dataset[name]
    this.#name = name
    this.#plain = choices[0]
    this.#choice = choices.find((choice) => choice === written) ?? choices[0]
  }

  get choice(): Choice {
    return this.#choice
  }

  set(choice: Choice): void {
    this.#choice = choice
    const { dataset } = document.documentElement
    const key = `warder.${this.#name}`
    if (choice === this.#plain) delete dataset[this.#name]
    else dataset[this.#name] = choice
    try {
      if (choice === this.#plain) localStorage.removeItem(key)
      else localStorage.setItem(key, choice)
    } catch {
      // Storage can be closed off; the choice then holds until the page is left.
    }
  }
}

/** How the dashboard looks: light or dark or as the system is, with how much contrast, how close together. */
export class Theme {
  readonly theme = new Look<ThemeChoice>('theme', ['system', 'light', 'dark'])
  readonly contrast = new Look<ContrastChoice>('contrast', ['system', 'more'])
  readonly density = new Look<DensityChoice>('density', ['comfortable', 'compact'])

  get choice(): ThemeChoice {
    return this.theme.choice
  }

  set(choice: ThemeChoice): void {
    this.theme.set(choice)
  }
}

import { english, t } from '../language/t.ts'

const THEMES = { system: english('system'), light: english('light'), dark: english('dark') } as const

/** What a theme is called within a sentence. */
export const themeName = (theme: keyof typeof THEMES): string => t(THEMES[theme])

/** The settings of a filter that fail2ban knows, in the order in which its server is told of them. */
export const FILTER_SETTINGS = [
  'usedns',
  'prefregex',
  'maxlines',
  'ignoreregex',
  'failregex',
  'datepattern',
  'journalmatch',
] as const

/** The same and ours: the settings of a filter that a jail may say in its place. */
export const FILTER_OPTIONS = [...FILTER_SETTINGS, 'successregex'] as const

export type FilterOption = (typeof FILTER_OPTIONS)[number]

const settings: ReadonlySet<string> = new Set(FILTER_SETTINGS)

/** Whether fail2ban knows an option as a setting of filters. */
export const isFilterSetting = (option: string): boolean => settings.has(option)

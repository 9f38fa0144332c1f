export { readConfiguration, type Configuration } from './configuration.ts'
export { splitIgnoreFile, splitIgnoreip, type IgnoredWords } from './ignoreip.ts'
export type { Layer } from './include.ts'
export { formatProblem, type Problem } from './problem.ts'

export { readConfiguration, type Configuration } from './configuration.ts'
export type { Layer } from './include.ts'
export { formatProblem, type Problem } from './problem.ts'

/** What keeps the history of this server. The one place that names it. */
export { sqlite as backend } from './sqlite/backend.ts'

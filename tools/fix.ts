// Repairs what can be repaired by itself.
import { bin } from './root.ts'
import { show } from './run.ts'

const linted = show(bin('oxlint'), ['--fix', '.'])
const formatted = show(bin('prettier'), ['--write', '--log-level=warn', '.'])
process.exit(linted && formatted ? 0 : 1)

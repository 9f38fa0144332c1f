import { removePackage } from './package.ts'

/** The run of tests that this process is or belongs to. */
export const RUN = process.env['WARDER_TEST_RUN'] ?? String(process.pid)

/** Before a run there is nothing to do; what it fetched goes with it. */
export default (): (() => void) => () => removePackage(RUN)

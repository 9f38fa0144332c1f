// A cluster on one machine: the real server, real agents, a simulated world. `npm run demo -- --help` tells more.
import { buildQuietly } from './build.ts'
import { inRoot } from './root.ts'

if (!(await buildQuietly())) process.exit(1)
process.argv = [process.execPath, inRoot('apps', 'demo', 'src', 'main.ts'), ...process.argv.slice(2)]
await import('../apps/demo/src/main.ts')

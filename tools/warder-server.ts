// The command line `warder-server` against the server that `npm start` runs.
import { spawnSync } from 'node:child_process'
import { inRoot } from './root.ts'

const args = process.argv.slice(2)
const main = inRoot('apps', 'server', 'src', 'main.ts')
const place =
  args.includes('--config') || args.length === 0 ? [] : ['--config', inRoot('var', 'start', 'server.toml')]
const done = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args, ...place], {
  stdio: 'inherit',
})
process.exit(done.status ?? 1)

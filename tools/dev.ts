// The demo with live reload: the dashboard's from vite, the processes' by starting anew on a change.
import { inRoot } from './root.ts'
import { show } from './run.ts'

process.exit(
  show(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    inRoot('apps', 'demo', 'src', 'main.ts'),
    '--dev',
    ...process.argv.slice(2),
  ])
    ? 0
    : 1,
)

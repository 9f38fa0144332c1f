// The demo with live reload: the dashboard's from vite, the processes' by starting anew on a change.
import { inRoot } from './root.ts'

process.argv = [process.execPath, inRoot('apps', 'demo', 'src', 'main.ts'), '--dev', ...process.argv.slice(2)]
await import('../apps/demo/src/main.ts')

import { cpSync, rmSync } from 'node:fs'
import { defineConfig } from 'rolldown'

/** Programs of their own, each with the threads that it starts beside it under the name of their source. */
const THREADS = { 'reader-thread': 'src/db/reader-thread.ts', worker: 'src/preview/worker.ts' }
const SOURCE_OF_THREAD = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g

/** The server in a few files, with all but SQLite, which is native. The dashboard is put beside it where it is packed. */
export default defineConfig({
  input: { server: 'src/main.ts', ...THREADS },
  platform: 'node',
  // ssh2 does without its native parts where they are missing.
  external: ['better-sqlite3', 'cpu-features', /sshcrypto\.node$/],
  output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'part-[hash].js' },
  plugins: [
    {
      name: 'threads',
      transform: (code) =>
        code.includes('new Worker(')
          ? code.replaceAll(SOURCE_OF_THREAD, `new URL('./$1.js', import.meta.url)`)
          : null,
    },
    {
      name: 'ssh2',
      // It names files beside itself (a program of Windows, code that it holds as text too), which there are none of here.
      transform: (code, id) => (/\/ssh2\/lib\//.test(id) ? code.replaceAll('__dirname', `''`) : null),
    },
    {
      name: 'migrations',
      buildStart: () => rmSync('dist', { recursive: true, force: true }),
      writeBundle: () => cpSync('migrations', 'dist/migrations', { recursive: true }),
    },
  ],
})

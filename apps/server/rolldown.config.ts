import { cpSync, rmSync } from 'node:fs'
import { defineConfig } from 'rolldown'

/** Programs of their own, each with the threads that it starts beside it under the name of their source. */
const THREADS = { 'reader-thread': 'src/db/reader-thread.ts', worker: 'src/preview/worker.ts' }
const SOURCE_OF_THREAD = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g

/** The server in a few files, with all but SQLite, which is native. The dashboard is put beside it where it is packed. */
export default defineConfig({
  input: { server: 'src/main.ts', ...THREADS },
  platform: 'node',
  external: ['better-sqlite3'],
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
      name: 'migrations',
      buildStart: () => rmSync('dist', { recursive: true, force: true }),
      writeBundle: () => cpSync('migrations', 'dist/migrations', { recursive: true }),
    },
  ],
})

import { cpSync, rmSync } from 'node:fs'
import { defineConfig } from 'rolldown'

/** What the server starts beside itself, a thread and processes, under the name of its source. */
const BESIDE = {
  'backup-process': 'src/backup/backup-process.ts',
  'reader-process': 'src/sqlite/reader-process.ts',
  worker: 'src/preview/worker.ts',
}
const SOURCE_BESIDE = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g

/** The server in a few files, with all but SQLite, which is native. The dashboard is put beside it where it is packed. */
export default defineConfig({
  input: { server: 'src/main.ts', ...BESIDE },
  platform: 'node',
  // ssh2 does without its native parts where they are missing.
  external: ['better-sqlite3', 'cpu-features', /sshcrypto\.node$/],
  output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'part-[hash].js' },
  plugins: [
    {
      name: 'beside',
      transform: (code) =>
        /\b(?:new Worker|fork)\(/.test(code)
          ? code.replaceAll(SOURCE_BESIDE, `new URL('./$1.js', import.meta.url)`)
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
      writeBundle: () => cpSync('src/sqlite/migrations', 'dist/migrations', { recursive: true }),
    },
  ],
})

import { cpSync } from 'node:fs'
import { defineConfig } from 'rolldown'

/** One file with all of the agent but SQLite, which is native: it starts sooner and holds less than its many sources. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  external: ['better-sqlite3'],
  output: { file: 'dist/agent.js', format: 'esm', codeSplitting: false },
  plugins: [
    {
      name: 'catalogue',
      // The shipped filters are read from beside the program.
      writeBundle: () => cpSync('../../packages/filters/catalogue', 'dist/catalogue', { recursive: true }),
    },
  ],
})

import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const SERVER = 'http://127.0.0.1:8008'

export default defineConfig({
  // Files are named from where they lie, so that the dashboard can be shown below any path.
  base: './',
  plugins: [svelte()],
  server: { port: 5173, proxy: { '/api': { target: SERVER, ws: true } } },
  worker: { format: 'es' },
  build: {
    // light-dark(), container queries and subgrid are written as they are.
    target: ['chrome125', 'firefox128', 'safari18'],
    // The server's content policy allows no data: URLs for scripts, and one style file is one request less.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
})

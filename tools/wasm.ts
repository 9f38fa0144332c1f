// Compiles apps/agent/wasm/find-lines.ts to apps/agent/src/scan/find-lines.wasm.ts. Only for who changes the former: the
// compiler is fetched for the occasion, since it is ten times larger than all the rest of what is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inRoot } from './root.ts'

const COMPILER = 'assemblyscript@0.28.20'
const SOURCE = inRoot('apps', 'agent', 'wasm', 'find-lines.ts')
const TARGET = inRoot('apps', 'agent', 'src', 'scan', 'find-lines.wasm.ts')

const folder = mkdtempSync(join(tmpdir(), 'warder-wasm-'))
const options = [
  '-O3',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--enable',
  'relaxed-simd',
  '--noAssert',
  '--noExportMemory',
  '--importMemory',
]
const done = spawnSync(
  'npx',
  ['-y', '-p', COMPILER, 'asc', SOURCE, '--baseDir', '/', '-o', join(folder, 'out.wasm'), ...options],
  { stdio: 'inherit' },
)
if (done.status !== 0) process.exit(done.status ?? 1)
const code = readFileSync(join(folder, 'out.wasm')).toString('base64')
const source = createHash('sha256').update(readFileSync(SOURCE)).digest('hex')
rmSync(folder, { recursive: true })

const chunks = code.match(/.{1,96}/g) ?? []
const text = [
  `// Made by \`npm run wasm\` from apps/agent/wasm/find-lines.ts; not to be changed by hand.`,
  '',
  '/** The SHA-256 of what it was made from. */',
  `export const SOURCE_DIGEST = '${source}'`,
  '',
  '/** The module in base64. */',
  'export const FIND_LINES =',
  ...chunks.map((chunk, at) => `  '${chunk}'${at < chunks.length - 1 ? ' +' : ''}`),
  '',
]
writeFileSync(TARGET, text.join('\n'))
process.stdout.write(`${TARGET}: ${Buffer.from(code, 'base64').length} bytes of code\n`)

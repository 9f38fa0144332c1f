// The way from `npm <task>` on a machine with only Node and npm to the task itself on the pinned runtime.
// Runs on the machine's own, maybe older, Node: plain JavaScript, no dependency.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const tools = join(root, '.tools')
const pnpmVersion = manifest.packageManager.split('@')[1]
const pnpm = join(tools, `pnpm-${pnpmVersion}`, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs')
// Under tools, not at the root: there its shim would stand before the machine's own Node in every npm script, and
// it passes no signal on.
const runtime = join(root, 'tools', 'node_modules', 'node', 'bin', 'node')
const installed = join(root, 'node_modules', '.warder-installed')

const say = (text) => process.stderr.write(`warder: ${text}\n`)

function fail(text) {
  say(text)
  process.exit(1)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 18 || (major === 18 && minor < 12))
    fail(
      `setting up needs Node 18.12 or newer, this is ${process.versions.node}. Install a newer one and try again.`,
    )
}

/** Runs one step of the installation; its output is shown only when it fails. */
function step(what, command, args) {
  say(what)
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, CI: 'true', DO_NOT_TRACK: '1' },
  })
  if (done.status === 0) return
  process.stderr.write(
    `${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? `${done.error.message}\n` : ''}`,
  )
  fail(`that did not work (see above). Check that the npm registry can be reached, then try again.`)
}

/** What the installed tree was made from; when it changes, the tree is made anew. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])
    hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function install() {
  const wanted = fingerprint()
  if (existsSync(runtime) && existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return
  if (!existsSync(pnpm)) {
    const prefix = dirname(dirname(dirname(dirname(pnpm))))
    mkdirSync(prefix, { recursive: true })
    step('fetching the package manager', 'npm', [
      'install',
      '--prefix',
      prefix,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `pnpm@${pnpmVersion}`,
    ])
  }
  // What an earlier tree could do without is written down there, and would be left out also where it is needed now.
  rmSync(join(root, 'node_modules', '.modules.yaml'), { force: true })
  step('installing what it needs (a minute on the first run)', process.execPath, [
    pnpm,
    'install',
    '--frozen-lockfile',
  ])
  if (!existsSync(runtime))
    fail('the runtime is missing after the installation. Delete node_modules and try again.')
  writeFileSync(installed, wanted)
}

/** Hands over to the task on the pinned runtime, passes signals on, ends as it ends. */
function handOver(task, args) {
  const file = join(root, 'tools', `${task}.ts`)
  if (!existsSync(file)) fail(`there is no task "${task}".`)
  const places = [
    dirname(runtime),
    join(root, 'node_modules', '.bin'),
    join(tools, `pnpm-${pnpmVersion}`, 'node_modules', '.bin'),
  ]
  const path = [...places, process.env.PATH].join(':')
  const child = spawn(runtime, ['--disable-warning=ExperimentalWarning', file, ...args], {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: path,
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
    },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
}

checkNode()
install()
handOver(process.argv[2] ?? 'start', process.argv.slice(3))
